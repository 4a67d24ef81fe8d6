# SPDX-License-Identifier: GPL-2.0-or-later
"""
FRR's own topotest framework, used from where FRR's source is, with our daemon.

The framework is not copied: the environment variable FRR_TOPOTESTS says where
it is (default: the lab's /usr/src/frr). Its conftest.py becomes a plugin here.
What differs:

* topogen learns the daemon vrrpd;
* a skipped test is a failed test;
* when a test cannot begin, the rest is not run: it could not begin either;
* a failure prints what the routers had to say instead of FRR's support bundle,
  which takes minutes where a fork costs 15 ms.

The framework refuses a kernel without /proc/modules. There it is left out, and
what runs are tests that make their machines by helpers.namespace.
"""
import importlib.util
import os
import shutil
import sys

import pytest

FRR_TOPOTESTS = os.environ.get("FRR_TOPOTESTS", "/usr/src/frr/tests/topotests")
FRR_PLUGIN = "frr_topotests_conftest"
KEPT_LOGS = "/logs"


def _load_frr_conftest():
    """Makes FRR's conftest.py importable as FRR_PLUGIN; returns the plugins."""
    if not os.path.isdir(FRR_TOPOTESTS):
        raise pytest.UsageError(
            f"there is no FRR topotest framework in {FRR_TOPOTESTS}; "
            "FRR_TOPOTESTS names its directory"
        )
    sys.path.insert(0, FRR_TOPOTESTS)
    if not os.path.exists("/proc/modules"):
        return []
    spec = importlib.util.spec_from_file_location(
        FRR_PLUGIN, os.path.join(FRR_TOPOTESTS, "conftest.py")
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[FRR_PLUGIN] = module
    spec.loader.exec_module(module)
    del module.pytest_exception_interact
    return [FRR_PLUGIN]


pytest_plugins = _load_frr_conftest()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turns a skip into a failure, and lets a failed test's routers speak."""
    from helpers.router import describe_all

    report = (yield).get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed here: {call.excinfo.value}"
    if report.failed and report.when == "setup":
        item.session.shouldfail = (
            f"{item.name} could not begin: the routers are not as a test finds them"
        )
    if report.failed:
        report.sections.append(("stdout of the routers", describe_all()))


def pytest_sessionfinish(session, exitstatus):
    """Keeps the logs of a run that failed where lab/test shows a directory."""
    rundir = getattr(session.config.option, "rundir", None)
    if exitstatus and rundir and os.path.isdir(KEPT_LOGS):
        shutil.copytree(
            rundir, os.path.join(KEPT_LOGS, "topotests"), dirs_exist_ok=True
        )
