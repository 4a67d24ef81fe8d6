# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 600
"""
The Debian package, in its life on a router: installed over stock's vrrpd, upgraded, rolled back, purged.

The packages are made of what lab/build has built, by the debhelper programs of debian/rules. The lab itself
is r1, with Debian's own init script; r2 is its peer, and reaches the VIP by r1 while that is Active.
"""
import glob
import os
import re
import shutil

import pytest

from helpers.namespace import Namespace, link
from helpers.probes import Probes
from helpers.router import Machine
from helpers.wait import differs, wait_for

DEST, WORK = "/build/dest", "/tmp/package"
INIT = "/usr/lib/frr/frrinit.sh"
VIP = "203.0.113.10"
DIVERTED = {
    "/usr/lib/frr/vrrpd": "/usr/lib/frr/vrrpd.stock",
    "/usr/bin/vtysh": "/usr/bin/vtysh.stock",
    "/usr/share/man/man8/frr-vrrpd.8.gz": "/usr/share/man/man8/frr-vrrpd.stock.8.gz",
}
GROUP = """
interface {link}
 vrrp 10
 vrrp 10 priority {priority}
 vrrp 10 advertisement-interval 200
 vrrp 10 startup-hold 0
 vrrp 10 peer {peer}
 vrrp 10 ip 203.0.113.10
exit
"""
# dh_auto_install is what lab/build did
HELPERS = ("install", "installdocs", "installchangelogs", "link", "compress", "fixperms", "installdeb")
LAB, R2 = Machine(), Namespace("r2")
PACKAGES = {}


def make(version):
    """The packages of this version; returns the paths of all by name."""
    top = f"{WORK}/{version}/frr-crossvip"
    shutil.copytree("/src/debian", f"{top}/debian", symlinks=True)
    with open(f"{top}/debian/changelog", encoding="ascii") as file:
        lines = file.read()
    with open(f"{top}/debian/changelog", "w", encoding="ascii") as file:
        file.write(re.sub(r"\(.*?\)", f"({version}-1)", lines, count=1))
    LAB.must_run(f"cp -a {DEST} {top}/debian/tmp && rm -f {top}/debian/tmp/.installed")
    script = " && ".join(f"dh_{helper}" for helper in HELPERS)
    rules = "make -f debian/rules override_dh_shlibdeps override_dh_gencontrol"
    LAB.must_run(f"cd {top} && {script} && {rules} && dh_md5sums && dh_builddeb")
    paths = glob.glob(f"{WORK}/{version}/*.deb")
    return {os.path.basename(path).split("_", maxsplit=1)[0]: path for path in paths}


def uninstall_the_labs():
    """The lab puts what was built in its place: stock's files come back."""
    for file in DIVERTED:
        if os.path.exists(f"{file}.stock"):
            os.rename(f"{file}.stock", file)
    for folder, _, names in os.walk(DEST):
        for name in names:
            installed = os.path.join(folder, name).removeprefix(DEST)
            if installed not in DIVERTED and os.path.isfile(installed):
                os.remove(installed)


def setup_module():
    """Two routers; r1 has stock's vrrpd."""
    assert os.environ.get("LAB_KERNEL"), "this test installs packages: it runs only in the lab"
    for version in ("0.1.0", "0.2.0"):
        PACKAGES[version] = make(version)
    uninstall_the_labs()
    R2.build()
    LAB.must_run("ip link add r1-r2 type veth peer name r2-r1 netns r2")
    LAB.must_run("ip link set r1-r2 up; ip address add 192.0.2.1/24 dev r1-r2")
    R2.must_run("ip link set r2-r1 up; ip address add 192.0.2.2/24 dev r2-r1")
    R2.must_run(f"ip route add {VIP} via 192.0.2.1")
    LAB.must_run("sed -i 's/^vrrpd=no/vrrpd=yes/' /etc/frr/daemons")
    with open("/etc/frr/frr.conf", "w", encoding="ascii") as file:
        file.write(GROUP.format(link="r1-r2", priority=200, peer="192.0.2.2"))
    LAB.must_run("chown frr:frr /etc/frr/frr.conf; sysctl -qw net.ipv4.ip_forward=1")
    LAB.must_run(f"{INIT} start >/tmp/init.log 2>&1 </dev/null")


def teardown_module():
    """Ends both."""
    R2.demolish()
    LAB.run(f"{INIT} stop >/tmp/init.log 2>&1")
    LAB.run("ip link delete r1-r2")


def dpkg(options):
    """Runs dpkg as an administrator does; returns what it said."""
    return LAB.must_run(f"DEBIAN_FRONTEND=noninteractive dpkg {options} </dev/null 2>&1")


def install(version, name="frr-crossvip"):
    """Installs a package."""
    return dpkg(f"--install {PACKAGES[version][name]}")


def verified():
    """What dpkg has against the files of the package frr, beside its configuration."""
    shown = LAB.run("dpkg --verify frr")[1].splitlines()
    return [line for line in shown if " c /" not in line]


def version_that_runs():
    """Of r1, and whether its file is another by now."""
    return LAB.show_json("vrrpd", "show vrrp version json")


def changes_daemon(act):
    """r1's vrrpd is another one afterwards, and r2 has lost none of its probes of the VIP."""
    before = LAB.pid("vrrpd")
    with Probes([R2], [VIP]) as probes:
        said = act()
        LAB.wait_state("Active", ["v4"])
    assert LAB.pid("vrrpd") != before and not version_that_runs()["replaced"]
    assert "vrrpd that runs" not in said, said
    lost = {key: result.lost for key, result in probes.results().items()}
    assert not any(lost.values()), f"answers that are missing: {lost}"


def test_package_is_installed_over_stock():
    """Stock's files are put aside, and what ran runs on until it is started anew."""
    before = LAB.pid("vrrpd")
    said = install("0.1.0")
    assert LAB.pid("vrrpd") == before
    for file, aside in DIVERTED.items():
        assert os.path.exists(file) and os.path.exists(aside), f"{file}, {aside}: {said}"
    assert not os.path.exists("/usr/lib/frr/vrrp-http.so"), "it is in frr-crossvip-http"
    assert verified() == []
    LAB.must_run("/usr/lib/frr/watchfrr.sh restart vrrpd >/tmp/restart.log 2>&1 </dev/null")
    LAB.must_run(f"{INIT} reload >/tmp/reload.log 2>&1 </dev/null || true")
    R2.write_conf(GROUP.format(link="r2-r1", priority=100, peer="192.0.2.1"))
    R2.boot()
    LAB.wait_state("Active", ["v4"])
    R2.wait_state("Backup", ["v4"])


def test_upgrade_loses_nothing():
    """The package's script starts vrrpd anew by "vrrp restart"."""
    changes_daemon(lambda: install("0.2.0"))


def test_rollback_loses_nothing():
    """As an upgrade does."""
    changes_daemon(lambda: install("0.1.0"))


def test_daemon_older_than_the_package_is_named():
    """Without watchfrr nobody would start it again: it runs on, and the package and the daemon say so."""
    before = LAB.pid("vrrpd")
    LAB.kill("watchfrr")
    said = install("0.2.0")
    assert LAB.pid("vrrpd") == before
    assert "the vrrpd that runs is not the one that was installed" in said, said
    assert version_that_runs()["replaced"]
    assert "has been replaced" in LAB.show("vrrpd", "show vrrp version")


def test_purge_leaves_stock_as_it_was():
    """All files of FRR are back, and none of ours is left."""
    ours = dpkg("--listfiles frr-crossvip").split()
    LAB.stop("vrrpd")
    dpkg("--purge frr-crossvip")
    assert verified() == []
    assert "frr-crossvip" not in LAB.must_run("dpkg-divert --list")
    left = [file for file in ours if os.path.isfile(file) and file not in DIVERTED]
    assert left == []
    for aside in DIVERTED.values():
        assert not os.path.exists(aside)
    wait_for("r2 is Active", lambda: differs(R2.family("v4")["status"], "Master"))
