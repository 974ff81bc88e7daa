"""Adapters are found by the names under which packages offer them."""

from __future__ import annotations

import sys

import discovery
import pytest

import billingcore as bc

FACTORY = "def open_store(path, **given):\n    return path\n\n\nopen_store.contract = {contract}\n"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Give what installs a package: its metadata and one module, in a folder of its own."""

    def installed(package, name="jsonl", *, contract=1, module=None, attribute="open_store"):
        folder, module = tmp_path / package, module or f"{package.replace('-', '_')}_module"
        info = folder / f"{package.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(
            f"[{discovery.STORES}]\n{name} = {module}:{attribute}\n"
        )
        (folder / f"{module}.py").write_text(FACTORY.format(contract=contract))
        monkeypatch.syspath_prepend(str(folder))
        return module

    before = {*sys.modules}
    yield installed
    for each in {*sys.modules} - before:
        del sys.modules[each]


class TestFind:
    def test_a_store(self, install):
        """What a package offers under a name is found and works."""
        install("acme-store")

        assert discovery.find(discovery.STORES, "jsonl")("billing.jsonl") == "billing.jsonl"

    def test_only_what_is_named_is_imported(self, install):
        """Names are listed without importing anything, and others of the group stay unimported."""
        wanted, other = install("acme-store"), install("borg-store", "borg")

        assert discovery.names(discovery.STORES) == ["borg", "jsonl"]
        assert not {wanted, other} & {*sys.modules}
        discovery.find(discovery.STORES, "jsonl")
        assert {wanted, other} & {*sys.modules} == {wanted}

    def test_a_package_that_is_on_the_path_twice(self, install, monkeypatch, tmp_path):
        """The same offer of the same package is one offer."""
        install("acme-store")
        monkeypatch.syspath_prepend(str(tmp_path / "acme-store" / "."))

        assert discovery.find(discovery.STORES, "jsonl")

    @pytest.mark.parametrize("off", ["borg-store", "Borg_Store"])
    def test_a_package_that_is_disabled(self, install, off):
        """Of two packages with one name, the one that is not disabled is found."""
        install("acme-store")
        install("borg-store", contract=7)

        assert discovery.find(discovery.STORES, "jsonl", disabled=[off]).contract == 1


class TestRefusals:
    def refused(self, name="jsonl", kind=bc.InvalidInputError, **options):
        """Give the message of a refusal."""
        with pytest.raises(kind) as caught:
            discovery.find(discovery.STORES, name, **options)
        return str(caught.value)

    def test_two_packages_offer_one_name(self, install):
        """The error names both packages, and what each offers."""
        install("acme-store")
        install("borg-store")

        assert self.refused() == (
            "billingcore.stores: name = 'jsonl': acme-store (acme_store_module:open_store) and "
            "borg-store (borg_store_module:open_store) both offer it; "
            "uninstall one, or name its package in disabled"
        )

    def test_a_name_that_is_nearly_right(self, install):
        """The error asks for the name that was meant."""
        install("acme-store")

        assert self.refused("json") == (
            "billingcore.stores: name = 'json': no installed package offers it in "
            "billingcore.stores; did you mean jsonl?"
        )

    def test_a_name_like_no_other(self, install):
        """The error says which names there are."""
        install("acme-store")

        assert self.refused("postgres").endswith("; there is jsonl")

    def test_nothing_is_installed(self):
        """Without any package the error says that one has to be installed."""
        assert self.refused().endswith("; install a package that offers it")

    def test_what_is_disabled(self, install):
        """A disabled name is not found, and the error says why."""
        install("acme-store")

        assert "it is disabled" in self.refused(disabled=["jsonl"])

    @pytest.mark.parametrize(
        ("contract", "said"),
        [(2, "keeps 2"), (None, "says of no contract that it keeps it")],
        ids=["another version", "none"],
    )
    def test_another_contract(self, install, contract, said):
        """A factory for another version of the contract is refused before it makes a store."""
        install("acme-store", contract=contract)

        assert f"acme-store {said}; this is version 1 of the contract" in self.refused()

    @pytest.mark.parametrize(
        ("broken", "why"),
        [
            ({"attribute": "make"}, "has no attribute 'make'"),
            ({"module": "a.b"}, "No module named"),
        ],
        ids=["no such function", "no such module"],
    )
    def test_what_cannot_be_imported(self, install, broken, why):
        """A package whose entry point leads nowhere is the fault of that package."""
        install("acme-store", **broken)
        said = self.refused(kind=bc.PortError)

        assert "jsonl of acme-store cannot be loaded" in said
        assert why in said
