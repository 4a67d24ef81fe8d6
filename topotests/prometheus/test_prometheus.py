# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ipvs ns veth
# timeout: 600
"""
A real Prometheus, with Debian's exporters, reads what vrrpd writes.

r1 is Active for VRID 10 with the peer p1, and has a service of IPVS. node_exporter hands out the
file of "vrrp metrics file", and prometheus-frr-exporter asks vrrpd as it asks FRR's own. The rules
and the dashboard are those of doc/user/prometheus.
"""
import json
import os
import signal
import urllib.parse

import pytest

from helpers import packet
from helpers.namespace import Namespace, link
from helpers.recipe import ROOT
from helpers.wait import differs, wait_for

R1, P1 = Namespace("r1"), Namespace("p1")
OURS, PEER, VIP = "192.0.2.1", "192.0.2.2", "203.0.113.10"
INTERFACE = "interface eth0"
GUIDE = os.path.join(ROOT, "doc/user/prometheus")
RULES = f"{GUIDE}/alerts.yml"
PLACE = "/run/frr/r1"
PROMETHEUS, NODE, FRR = 9090, 9100, 9342
CONFIGURATION = f"""\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{os.path.realpath(RULES)}]
scrape_configs:
  - job_name: vrrp
    static_configs: [{{targets: ["127.0.0.1:{NODE}", "127.0.0.1:{FRR}"]}}]
"""
PIDS = []


def setup_module():
    """A cable, the daemons, and all that reads them."""
    for machine in (R1, P1):
        machine.build()
    link("eth0", R1, "eth0", P1)
    R1.must_run(f"ip address add {OURS}/24 dev eth0")
    P1.must_run(f"ip address add {PEER}/24 dev eth0")
    R1.start("mgmtd", "zebra")
    R1.configure_all(f"ip router-id {OURS}")
    R1.start("vrrpd")
    R1.configure(
        f"vrrp metrics file {PLACE}/vrrp.prom",
        f"ipvs service web tcp {VIP} 80",
        f"ipvs service web server {PEER} 80",
        INTERFACE,
        "vrrp 10 advertisement-interval 100",
        f"vrrp 10 peer {PEER}",
        f"vrrp 10 ip {VIP}",
    )
    R1.wait_state("Active", ["v4"])
    start(
        "prometheus-node-exporter --collector.disable-defaults --collector.textfile"
        f" --collector.textfile.directory={PLACE} --web.listen-address=127.0.0.1:{NODE}"
    )
    start(
        f"prometheus-frr-exporter --frr.socket.dir-path={PLACE} --collector.vrrp"
        " --no-collector.bgp --no-collector.ospf --no-collector.bfd"
        f" --web.listen-address=127.0.0.1:{FRR}"
    )
    with open("/tmp/r1/prometheus.yml", "w", encoding="ascii") as file:
        file.write(CONFIGURATION)
    start(
        "prometheus --config.file=/tmp/r1/prometheus.yml --storage.tsdb.path=/tmp/r1/tsdb"
        f" --web.listen-address=127.0.0.1:{PROMETHEUS}"
    )


def start(command):
    """A program that runs until the end of the test."""
    name = command.split()[0]
    pid = R1.must_run(f"{command} >/tmp/r1/{name}.log 2>&1 </dev/null & echo $!")
    PIDS.append(int(pid))


def teardown_module():
    """Nothing is left."""
    for pid in PIDS:
        os.kill(pid, signal.SIGTERM)
        wait_for(f"{pid} ends", lambda p=pid: "alive" if os.path.exists(f"/proc/{p}") else None)
    for machine in (R1, P1):
        machine.demolish()


def fetch(port, path):
    """What a server of r1 answers; "" if it does not."""
    status, output = R1.run(f"curl -sS -f -m 10 'http://127.0.0.1:{port}{path}'")
    return output if status == 0 else ""


def ask(path):
    """Prometheus's answer, decoded."""
    return json.loads(fetch(PROMETHEUS, path) or "{}").get("data", {})


def query(expression):
    """[(labels, value)] of an expression."""
    found = ask("/api/v1/query?query=" + urllib.parse.quote(expression)).get("result", [])
    return [(sample["metric"], float(sample["value"][1])) for sample in found]


def firing():
    """The names of alerts that fire."""
    return {
        alert["labels"]["alertname"]
        for alert in ask("/api/v1/alerts").get("alerts", [])
        if alert["state"] == "firing"
    }


def hear(priority):
    """p1 advertises as one that stays Active."""
    for _ in range(5):
        packet.send(P1, PEER, OURS, packet.advert(PEER, OURS, 10, priority, [VIP]))


def expressions():
    """[(title, expression)] of the dashboard."""
    with open(f"{GUIDE}/dashboard.json", encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    return [(panel["title"], target["expr"]) for panel in panels for target in panel["targets"]]


def test_rules_are_good():
    """By promtool: they parse, and each fires when it should, and not before."""
    R1.must_run(f"promtool check rules {RULES}")
    R1.must_run(f"cd {GUIDE} && promtool test rules alerts_test.yml")


def test_exporter_of_debian_reads_ours_unmodified():
    """Its state of VRID 10 is what show vrrp json says."""

    def told():
        lines = fetch(FRR, "/metrics").splitlines()
        [group] = [g for g in R1.show_json("vrrpd", "show vrrp json") if g["vrid"] == 10]
        seen = [line for line in lines if line.startswith("frr_vrrp_") and 'vrid="10"' in line]
        states = [l for l in seen if "state" in l and l.endswith(" 1") and 'proto="v4"' in l]
        if not any(f'state="{group["v4"]["status"]}"' in line for line in states):
            return str(seen)
        return None if 'frr_collector_up{collector="vrrp"} 1' in lines else "it is not up"

    wait_for("the exporter says so", told)


@pytest.mark.parametrize("title, expression", expressions(), ids=lambda words: words)
def test_each_panel_has_something_to_show(title, expression):
    """Its expression has a result, in a Prometheus that has read all of it."""
    hear(50)
    wait_for(f"'{title}' has data", lambda: None if query(expression) else expression)


def test_rules_run_and_one_fires():
    """All are in good health; while r1 hears another Active router, its alert fires."""

    def health():
        groups = ask("/api/v1/rules").get("groups", [])
        return {rule["name"]: rule["health"] for group in groups for rule in group["rules"]}

    wait_for("all have run", lambda: differs(set(health().values()), {"ok"}))

    def fires():
        hear(50)
        return None if "VrrpHearsAnotherActive" in firing() else str(firing())

    wait_for("the alert fires", fires)
    wait_for("it is over", lambda: None if "VrrpHearsAnotherActive" not in firing() else "no")


def test_the_age_of_the_file_is_known():
    """What the rule of a killed daemon asks for: node_exporter names the file as it expects."""
    age = 'time() - node_textfile_mtime_seconds{file=~".*/vrrp\\\\.prom"}'
    wait_for("it is known", lambda: None if query(age) else "not")
    with open(RULES, encoding="ascii") as file:
        assert age in file.read()
