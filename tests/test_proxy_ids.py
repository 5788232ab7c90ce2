"""What is odd about a record's id, or cannot be read at all, is never taken for absent."""

from __future__ import annotations

import pytest

from mirror import Mirror
from proxy import Proxy


@pytest.mark.parametrize("form", ['"{}"', "{}.0", "{}.000", "{}0e-1", '" {} "'])
def test_an_id_in_another_form_is_the_same_record(proxied: Mirror, proxy: Proxy, form: str) -> None:
    known = proxied.listed("customers")[3]["id"]
    proxy.rewrite("customers", lambda answer: answer.replace(b'"id":%d' % known, f'"id":{form.format(known)}'.encode()))
    outcome = proxied.sync(full=True, only=("customers",))["customers"]
    assert (outcome.status, outcome.deleted, outcome.failed) == ("completed", 0, 0)
