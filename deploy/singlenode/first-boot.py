#!/usr/bin/python3
"""The first boot: makes what a user needs to start a server, starts one, and waits until it can be reached.

Usage: first-boot.py IMAGE-FILE SSH-DIRECTORY WELCOME-FILE; the cloud comes from OS_CLOUD. Everything is looked for before it
is made, so that it can be run again after a failure. What the user should know is left in WELCOME-FILE.
"""
import os
import subprocess
import sys
import time

import openstack
from openstack import exceptions

image_file, ssh_directory, welcome_file = sys.argv[1:]
key = os.path.join(ssh_directory, 'nephos')
cloud = openstack.connect()
began = time.monotonic()


def say(text):
    print(f'{time.monotonic() - began:6.1f} s  {text}', flush=True)


def stop(cause):
    print(f'cause: {cause}', file=sys.stderr, flush=True)
    sys.exit(1)


def image():
    found = cloud.image.find_image('tiny')
    if found and found.status == 'active':
        return found
    if found:
        cloud.image.delete_image(found)
    return cloud.image.create_image('tiny', filename=image_file, disk_format='qcow2', container_format='bare', visibility='public')


def flavor():
    return cloud.compute.find_flavor('tiny') or cloud.compute.create_flavor(name='tiny', ram=128, vcpus=1, disk=1)


def keypair():
    if not os.path.exists(key):
        os.makedirs(ssh_directory, mode=0o700, exist_ok=True)
        subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'nephos', '-f', key], check=True)
    with open(key + '.pub', encoding='ascii') as file:
        public = file.read().strip()
    found = cloud.compute.find_keypair('nephos')
    if found and found.public_key.split()[1] != public.split()[1]:
        cloud.compute.delete_keypair(found)
        found = None
    return found or cloud.compute.create_keypair(name='nephos', public_key=public)


def network(name, cidr, subnet, **more):
    net = cloud.network.find_network(name) or cloud.network.create_network(name=name, **more)
    sub = cloud.network.find_subnet(name) or cloud.network.create_subnet(
        name=name, network_id=net.id, ip_version=4, cidr=cidr, **subnet)
    return net, sub


def router(public, inside):
    found = cloud.network.find_router('router') or cloud.network.create_router(
        name='router', external_gateway_info={'network_id': public.id})
    if not list(cloud.network.ports(device_id=found.id, network_id=inside.network_id)):
        cloud.network.add_interface_to_router(found, subnet_id=inside.id)
    return found


def open_to_ssh_and_ping():
    project = cloud.current_project_id
    group = next(iter(cloud.network.security_groups(name='default', project_id=project)))
    for rule in ({'protocol': 'icmp'}, {'protocol': 'tcp', 'port_range_min': 22, 'port_range_max': 22}):
        try:
            cloud.network.create_security_group_rule(security_group_id=group.id, direction='ingress', ether_type='IPv4',
                                                     remote_ip_prefix='0.0.0.0/0', **rule)
        except exceptions.ConflictException:
            pass


def server(of_image, of_flavor, net):
    found = cloud.compute.find_server('first')
    if found and cloud.compute.get_server(found.id).status == 'ERROR':
        cloud.compute.delete_server(found)
        cloud.compute.wait_for_delete(found, interval=0.5, wait=120)
        found = None
    if not found:
        found = cloud.compute.create_server(name='first', image_id=of_image.id, flavor_id=of_flavor.id,
                                            networks=[{'uuid': net.id}], key_name='nephos',
                                            availability_zone='nova')  # not a simulated host, which has no console
        say('server create accepted')
    end = time.monotonic() + 180
    while True:
        now = cloud.compute.get_server(found.id)
        if now.status == 'ACTIVE':
            return now
        if now.status == 'ERROR':
            # Debian's SDK does not show the fault.
            fault = cloud.compute.get(f'/servers/{found.id}').json()['server'].get('fault', {})
            stop(f'the server is in ERROR: {fault.get("message", "no fault given")}')
        if time.monotonic() > end:
            stop(f'the server is still in {now.status} ({now.task_state}) after 180 s')
        time.sleep(0.2)


def floating_ip(of_server, public):
    port = next(iter(cloud.network.ports(device_id=of_server.id)))
    for found in cloud.network.ips(port_id=port.id):
        return found
    return cloud.network.create_ip(floating_network_id=public.id, port_id=port.id)


def console(of_server, lines):
    return cloud.compute.get_server_console_output(of_server.id, length=lines)['output'] or ''


def ssh(address, *command):
    return ['ssh', '-i', key, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=5', '-o', 'StrictHostKeyChecking=accept-new',
            '-o', f'UserKnownHostsFile={ssh_directory}/known_hosts', f'root@{address}', *command]


def wait_for_login(of_server):
    end = time.monotonic() + 180
    while 'login:' not in console(of_server, 100):
        if time.monotonic() > end:
            stop('no login prompt on the console within 180 s; its end:\n' + console(of_server, 10))
        time.sleep(0.5)


def wait_for_ssh(of_server, address):
    end, last = time.monotonic() + 180, None
    subprocess.run(['ssh-keygen', '-q', '-R', address, '-f', f'{ssh_directory}/known_hosts'], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while time.monotonic() < end:
        last = subprocess.run(ssh(address, 'hostname'), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if last.returncode == 0:
            return
        time.sleep(1)
    stop(f'no ssh to {address}: {last.stderr.strip()}; the end of the console:\n{console(of_server, 10)}')


def welcome(of_server, address):
    lines = ['The console of the server "first":']
    lines += ['    ' + line for line in console(of_server, 6).splitlines() if line.strip()]
    lines += ['Reach it:', '    ' + ' '.join(ssh(address)).replace('-o BatchMode=yes -o ConnectTimeout=5 ', '')]
    with open(welcome_file, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + '\n')


def main():
    img = image()
    say('image tiny')
    flv = flavor()
    keypair()
    public, _ = network('public', '172.24.4.0/24',
                        {'enable_dhcp': False, 'gateway_ip': '172.24.4.1',
                         'allocation_pools': [{'start': '172.24.4.100', 'end': '172.24.4.250'}]},
                        is_router_external=True, provider_network_type='flat', provider_physical_network='public')
    private, inside = network('private', '192.168.100.0/24', {})
    router(public, inside)
    open_to_ssh_and_ping()
    say('networks public and private, router')
    first = server(img, flv, private)
    say('server ACTIVE')
    address = floating_ip(first, public).floating_ip_address
    say(f'floating ip {address}')
    wait_for_login(first)
    say('login prompt')
    wait_for_ssh(first, address)
    say('ssh')
    welcome(first, address)


main()
