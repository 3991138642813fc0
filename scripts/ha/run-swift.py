"""Runs OpenStack Swift with its S3 API in the foreground: run-swift.py FOLDER USER PORT KEY

All of it is in FOLDER and on 127.0.0.1, one copy of everything: a proxy on PORT, the servers behind it on the three ports
after. The S3 credentials are `test:tester` and KEY."""
import os
import sys

from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import run_wsgi

folder, user, port, key = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
utils.SWIFT_CONF_FILE = folder + '/swift.conf'
SERVERS = ['account', 'container', 'object']


def write(name, text):
    with open(os.path.join(folder, name), 'w') as file:
        file.write(text)


def server(name, offset, pipeline, more=''):
    write(name + '.conf', f'''[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port + offset}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}
mount_check = false
fallocate_reserve = 0
[pipeline:main]
pipeline = {pipeline}
[app:{name}-server]
use = egg:swift#{name}
{more}''')


write('swift.conf', '[swift-hash]\nswift_hash_path_suffix = holdfast\n')
os.makedirs(folder + '/disk', exist_ok=True)
for offset, name in enumerate(SERVERS, 1):
    server(name, offset, name + '-server')
    ring = RingBuilder(4, 1, 0)
    ring.add_dev({'id': 0, 'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': port + offset, 'device': 'disk', 'weight': 1})
    ring.rebalance()
    ring.get_ring().save(f'{folder}/{name}.ring.gz')
server('proxy', 0, 'catch_errors cache listing_formats s3api tempauth bulk slo proxy-server', f'''account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {key} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
''')
for name in SERVERS:
    if os.fork() == 0:
        sys.exit(run_wsgi(f'{folder}/{name}.conf', name + '-server'))
sys.exit(run_wsgi(folder + '/proxy.conf', 'proxy-server'))
