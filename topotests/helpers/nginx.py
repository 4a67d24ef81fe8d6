# SPDX-License-Identifier: GPL-2.0-or-later
"""Web servers, one for each machine that is to have one; each tells its name."""

CONFIGURATION = """
user root;
worker_processes 1;
pid {at}/nginx.pid;
error_log {at}/nginx.log;
events {{ }}
http {{
	access_log off;
	default_type text/plain;
	client_body_temp_path {at}/body;
	proxy_temp_path {at}/proxy;
	fastcgi_temp_path {at}/fastcgi;
	uwsgi_temp_path {at}/uwsgi;
	scgi_temp_path {at}/scgi;
	server {{
		listen 80;
		listen [::]:80;
		listen 8080;
		listen [::]:8080;
		listen 443 ssl;
		listen [::]:443 ssl;
		ssl_certificate {at}/nginx.crt;
		ssl_certificate_key {at}/nginx.key;
		location = /name {{ return 200 "{name}\\n"; }}
		location = /who {{ return 200 "{name} hears $remote_addr\\n"; }}
		location = /health {{
			if (-f {at}/ill) {{ return 503; }}
			return 200 "well\\n";
		}}
		location = /nth {{ return 200 "request $connection_requests.\n"; }}
		location = /session {{ return 200 "session $ssl_session_reused\n"; }}
		location = /slow {{ alias {slow}; limit_rate 100k; }}
		location = /slower {{ alias {slow}; limit_rate 40k; }}
	}}
}}
"""


def start_nginx(machine, slow_file="/dev/null"):
    """/name answers with the machine's name, /who with the client's as well, /slow a file, slowly,
    /slower the same in two and a half times that time,
    /nth which request of its connection it is, /session whether the connection's TLS
    session is a used one, "r", or a new one, "."; by HTTPS as well."""
    at = machine.log_directory
    with open(f"{at}/nginx.conf", "w", encoding="ascii") as file:
        file.write(CONFIGURATION.format(at=at, name=machine.name, slow=slow_file))
    machine.must_run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        f" -subj /CN={machine.name} -keyout {at}/nginx.key -out {at}/nginx.crt"
    )
    machine.must_run(f"nginx -c {at}/nginx.conf")


def stop_nginx(machine):
    """Ends it."""
    machine.run(f"kill $(cat {machine.log_directory}/nginx.pid)")
