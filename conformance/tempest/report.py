"""Reads result.subunit and selected.txt of a directory; writes result.txt and summary.txt there, prints the failures and the table.

A class that is skipped or fails as a whole says so once, under its own name: its tests get that status.
"""
import collections
import os
import re
import sys

import subunit
import testtools

NAMES = {'success': 'pass', 'xfail': 'pass', 'uxsuccess': 'fail', 'fail': 'fail', 'skip': 'skip'}
WHOLE_CLASS = re.compile(r'(?:setUpClass|tearDownClass) \((.+)\)')


class Collected(testtools.StreamResult):
    def __init__(self):
        super().__init__()
        self.tests = {}
        self.classes = {}

    def status(self, test_id=None, test_status=None, **details):
        status = NAMES.get(test_status)
        if not test_id or not status:
            return
        whole = WHOLE_CLASS.match(test_id)
        if not whole:
            self.tests[name(test_id)] = status
        elif status != 'pass':
            self.classes[whole[1]] = status


def name(test_id):
    return test_id.strip().split('[')[0]


def area(test):
    parts = test.split('.')
    return parts[2] if parts[1] == 'api' else parts[1]


def main(directory):
    collected = Collected()
    with open(os.path.join(directory, 'result.subunit'), 'rb') as stream:
        subunit.ByteStreamToStreamResult(stream, non_subunit_name='noise').run(collected)
    with open(os.path.join(directory, 'selected.txt'), encoding='utf-8') as selected:
        tests = [name(line) for line in selected]
    counts = collections.defaultdict(collections.Counter)
    failures = 0
    with open(os.path.join(directory, 'result.txt'), 'w', encoding='utf-8') as result:
        for test in tests:
            status = collected.tests.get(test) or collected.classes.get(test.rsplit('.', 1)[0], 'not-run')
            result.write(f'{status} {test}\n')
            counts[area(test)][status] += 1
            counts['all'][status] += 1
            if status in ('fail', 'not-run'):
                failures += 1
                print(f'{status} {test}')
    lines = ['| area | passed | failed | skipped | not run |', '|---|---|---|---|---|']
    for key in sorted(counts, key=lambda k: (k == 'all', k)):
        n = counts[key]
        lines.append(f'| {key} | {n["pass"]} | {n["fail"]} | {n["skip"]} | {n["not-run"]} |')
    table = '\n'.join(lines)
    with open(os.path.join(directory, 'summary.txt'), 'w', encoding='utf-8') as summary:
        summary.write(table + '\n')
    print(table)
    return 1 if failures else 0


sys.exit(main(sys.argv[1]))
