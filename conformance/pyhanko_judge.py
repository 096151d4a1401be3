"""What pyHanko says of the signature in one field of many files: one line a file, `name<TAB>verdict`.

Usage: pyhanko_judge.py ROOT.pem FIELD FILE...
Ends with 3 where pyHanko is not installed.
"""

import logging
import sys
import warnings
from pathlib import Path

try:
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.crypt import AuthStatus
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext
except ImportError:
    sys.exit(3)

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


# Of the encrypted files of the corpora, as their projects' tests have them.
PASSWORDS = (b"", b"usersecret", b"ownersecret", b"secret", b"Hello", b"test")


def unlock(reader) -> None:
    for password in PASSWORDS:
        if reader.decrypt(password).status != AuthStatus.FAILED:
            return


def verdict(path: Path, field: str, root) -> str:
    with path.open("rb") as file:
        try:
            reader = PdfFileReader(file, strict=False)
            if reader.encrypted:
                unlock(reader)
            found = [one for one in reader.embedded_signatures if one.field_name == field]
        except Exception as error:  # what pyHanko cannot read says nothing about the signature
            return f"unread {type(error).__name__}: {error}"
        if not found:
            return "no such signature"
        try:
            context = ValidationContext(trust_roots=[root])
            status = validate_pdf_signature(found[0], context)
        except Exception as error:
            return f"error {type(error).__name__}: {error}"
        return "valid" if status.bottom_line else f"invalid {status.summary()}"


def main() -> None:
    root_path, field, *files = sys.argv[1:]
    root = load_cert_from_pemder(root_path)
    for name in files:
        line = verdict(Path(name), field, root).replace("\n", " ")
        print(f"{Path(name).name}\t{line}", flush=True)


main()
