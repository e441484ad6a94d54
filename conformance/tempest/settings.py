"""Writes tempest.conf to standard output for the cloud of the OS_* variables, and makes there what the tests take for granted.

What the cloud can do is asked of it where its APIs say so: the catalog, version documents, extensions, import methods,
services. argv[1] is a directory; its web/ is what image.http_image points into.
"""
import configparser
import os
import socket
import sys

import openstack
from keystoneauth1 import exceptions as refused

out = sys.argv[1]
web = os.path.join(out, 'web')
os.makedirs(web, exist_ok=True)
cloud = openstack.connect()
session = cloud.session
access = session.auth.get_access(session)
conf = configparser.ConfigParser(interpolation=None)


def put(section, **options):
    if section != 'DEFAULT' and not conf.has_section(section):
        conf.add_section(section)
    for option, value in options.items():
        conf.set(section, option, str(value).lower() if isinstance(value, bool) else str(value))


def get(service, path):
    """The answer, or None where there is none."""
    try:
        response = session.get(path, endpoint_filter={'service_type': service, 'interface': 'public'}, raise_exc=False)
        return response.json() if response.status_code < 400 else None
    except (refused.ClientException, ValueError):
        return None


def alive(service):
    try:
        base = session.get_endpoint(service_type=service, interface='public')
        return bool(base) and session.get(base, raise_exc=False, authenticated=True).status_code < 500
    except refused.ClientException:
        return False


def newest(service):
    """The newest microversion that the service claims."""
    try:
        data = session.get_endpoint_data(service_type=service, interface='public')
        version = data.max_microversion if data else None
        return '.'.join(str(part) for part in version) if version else ''
    except refused.ClientException:
        return ''


def web_port():
    """80, which the image service lets users download from, unless something is there."""
    for port in (80, 18099):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(('127.0.0.1', port))
                return port
            except OSError:
                continue
    sys.exit('no port for the web server of image.http_image')


has = {service: alive(service) for service in ('compute', 'image', 'network', 'volumev3', 'object-store')}
domain = os.environ.get('OS_USER_DOMAIN_NAME', 'Default')

put('DEFAULT', log_dir=out, log_file='tempest.log', debug=False)
put('oslo_concurrency', lock_path=os.path.join(out, 'lock'))
put('auth', use_dynamic_credentials=True, admin_username=os.environ['OS_USERNAME'], admin_password=os.environ['OS_PASSWORD'],
    admin_project_name=os.environ['OS_PROJECT_NAME'], admin_domain_name=domain)
put('identity', uri_v3=os.environ['OS_AUTH_URL'], auth_version='v3', v3_endpoint_type='publicURL',
    region=os.environ.get('OS_REGION_NAME', 'RegionOne'), default_domain_id=access.project_domain_id,
    user_lockout_failure_attempts=2, user_lockout_duration=10, user_unique_last_password_count=2)
put('identity-feature-enabled', api_v2=False, api_v2_admin=False, api_v3=True, trust=True, application_credentials=True,
    access_rules=True, project_tags=True, domain_specific_drivers=True, security_compliance=True)
put('service_available', nova=has['compute'], glance=has['image'], neutron=has['network'], cinder=has['volumev3'],
    swift=has['object-store'], horizon=False)
put('validation', run_validation=False)


def image_of(label, data):
    found = cloud.image.find_image(label)
    if found and found.status == 'active':
        return found
    if found:
        cloud.image.delete_image(found)
    made = cloud.image.create_image(label, data=data, disk_format='raw', container_format='bare', visibility='public',
                                    validate_checksum=False)
    return cloud.image.find_image(made.id)


image_ids = []
if has['image']:
    noise = os.urandom(1 << 20)
    with open(os.path.join(web, 'small.img'), 'wb') as file:
        file.write(noise)
    # A guest that boots where there is one: what waits for ACTIVE then waits for a machine that runs.
    tiny = cloud.image.find_image('tiny')
    image_ids = [tiny.id if tiny else image_of('tempest-1', noise).id, image_of('tempest-2', noise).id]
    methods = (get('image', '/v2/info/import') or {}).get('import-methods', {}).get('value') or []
    port = web_port()
    with open(os.path.join(out, 'web.port'), 'w', encoding='ascii') as file:
        file.write(str(port))
    put('image', http_image=f'http://127.0.0.1:{port}/small.img')
    # Shown where the operator lets clients say where an image lies: nephos.image.show-multiple-locations.
    shown = (get('image', f'/v2/images/{image_ids[1]}') or {}).get('locations')
    put('image-feature-enabled', api_v2=True, import_image=bool(methods), manage_locations=shown is not None,
        os_glance_reserved=True)

if has['compute']:
    def flavor(label, ram):
        return (cloud.compute.find_flavor(label) or cloud.compute.create_flavor(name=label, ram=ram, vcpus=1, disk=1)).id

    hosts = [s for s in cloud.compute.services() if s.binary == 'nova-compute' and s.state == 'up']
    several = len(hosts) > 1
    put('compute', flavor_ref=flavor('tempest-128', 128), flavor_ref_alt=flavor('tempest-192', 192),
        min_compute_nodes=max(1, len(hosts)), volume_device_name='vdb')
    if image_ids:
        put('compute', image_ref=image_ids[0], image_ref_alt=image_ids[1])
    if newest('compute'):
        put('compute', max_microversion=newest('compute'))
    put('compute-feature-enabled', console_output=True, resize=True, pause=True, suspend=True, shelve=True, rescue=True,
        snapshot=True, change_password=True, personality=True, interface_attach=True, swap_volume=True,
        vnc_console=False, volume_multiattach=False, attach_encrypted_volume=False, cold_migration=several,
        live_migration=several, block_migration_for_live_migration=several, volume_backed_live_migration=several)

if has['network']:
    public = cloud.network.find_network('public')
    if not public:
        public = cloud.network.create_network(name='public', is_router_external=True, provider_network_type='flat',
                                              provider_physical_network='public')
        cloud.network.create_subnet(network_id=public.id, ip_version=4, cidr='172.24.4.0/24', gateway_ip='172.24.4.1',
                                    is_dhcp_enabled=False)
    extensions = sorted(e['alias'] for e in (get('network', '/v2.0/extensions') or {}).get('extensions', []))
    put('network', public_network_id=public.id, floating_network_name=public.name)
    put('network-feature-enabled', api_extensions=','.join(extensions), ipv6=True, ipv6_subnet_attributes=True,
        port_security='port-security' in extensions, floating_ips='router' in extensions)

if has['volumev3']:
    backup = any(s['binary'] == 'cinder-backup' for s in (get('volumev3', '/os-services') or {}).get('services', []))
    pools = (get('volumev3', '/scheduler-stats/get_pools?detail=True') or {}).get('pools') or [{}]
    able = pools[0].get('capabilities', {})
    put('volume', catalog_type='volumev3', storage_protocol=able.get('storage_protocol', 'nbd'),
        vendor_name=able.get('vendor_name', 'Open Source'))
    if newest('volumev3'):
        put('volume', max_microversion=newest('volumev3'))
    put('volume-feature-enabled', backup=backup, snapshot=True, clone=True, extend_attached_volume=True, manage_volume=False,
        manage_snapshot=False, multi_backend=False)

for setting in os.environ.get('TEMPEST_SET', '').split():
    key, value = setting.split('=', 1)
    section, option = key.split('.', 1)
    put(section, **{option: value})
conf.write(sys.stdout)
