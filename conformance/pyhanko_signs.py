"""Lets pyHanko sign a file at every level and with every kind of key, for our validator to name what it sees.

Usage: pyhanko_signs.py INPUT.pdf FOLDER
Writes `root.pem` and the signed files into FOLDER and prints one line a file: `name<TAB>level<TAB>expectation`, where
the level is the one that the file has by EN 319 142-1 and the expectation is `passed` or `open` (revocation data is
missing, so no validator may pass it). Ends with 3 where pyHanko is not installed.

Every certificate is made here, with `cryptography`; the time-stamps are made by pyHanko's own authority.
"""

import datetime
import io
import logging
import sys
import warnings
from pathlib import Path

try:
    from asn1crypto import algos, core, crl as asn1_crl, keys as asn1_keys, x509 as asn1_x509
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, signers
    from pyhanko.sign.ades.api import CAdESSignedAttrSpec
    from pyhanko.sign.ades.cades_asn1 import SignaturePolicyId, SignaturePolicyIdentifier
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.timestamps import DummyTimeStamper
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleCertificateStore
except ImportError:
    sys.exit(3)

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
POLICY = b"Whoever signs under this policy has read it."


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, key, issuer, issuer_key, *, ca=False, purpose=None):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - (365 * DAY if ca else 2 * DAY))
        .not_valid_after(NOW + 700 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca,
                content_commitment=not ca and purpose is None,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=ca,
                crl_sign=ca,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def listed(issuer, issuer_key):
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name(issuer))
        .last_update(NOW - HOUR)
        .next_update(NOW + 7 * DAY)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )
    return asn1_crl.CertificateList.load(made.public_bytes(serialization.Encoding.DER))


def plain(made):
    return asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))


def private(key):
    return asn1_keys.PrivateKeyInfo.load(
        key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


class World:
    def __init__(self):
        self.root_key, self.ca_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        # pyHanko's authority knows no other kind of key.
        tsa_key = rsa.generate_private_key(65537, 3072)
        self.root = certificate("Hanko Root", self.root_key, "Hanko Root", self.root_key, ca=True)
        ca = certificate("Hanko CA", self.ca_key, "Hanko Root", self.root_key, ca=True)
        tsa = certificate(
            "Hanko TSA", tsa_key, "Hanko CA", self.ca_key, purpose=ExtendedKeyUsageOID.TIME_STAMPING
        )
        self.chain = [plain(ca), plain(self.root)]
        store = SimpleCertificateStore()
        store.register_multiple(self.chain)
        self.stamper = DummyTimeStamper(plain(tsa), private(tsa_key), certs_to_embed=store)
        self.lists = [listed("Hanko Root", self.root_key), listed("Hanko CA", self.ca_key)]

    def context(self):
        return ValidationContext(
            trust_roots=[plain(self.root)], other_certs=self.chain, crls=self.lists, allow_fetching=False
        )

    def signer(self, key, *, pss=False):
        made = certificate("Hanko Signer", key, "Hanko CA", self.ca_key)
        store = SimpleCertificateStore()
        store.register_multiple(self.chain)
        return signers.SimpleSigner(plain(made), private(key), store, prefer_pss=pss)


def policy():
    digest = hashes.Hash(hashes.SHA256())
    digest.update(POLICY)
    info = algos.DigestInfo(
        {"digest_algorithm": {"algorithm": "sha256"}, "digest": core.OctetString(digest.finalize()).native}
    )
    identifier = SignaturePolicyId({"sig_policy_id": "1.2.3.4.5", "sig_policy_hash": info})
    return SignaturePolicyIdentifier({"signature_policy_id": identifier})


def sign(world, source, signer, *, stamped=True, md="sha256", subfilter=SigSeedSubFilter.PADES, **more):
    meta = PdfSignatureMetadata(field_name="Hanko", md_algorithm=md, subfilter=subfilter, **more)
    out = signers.PdfSigner(meta, signer, timestamper=world.stamper if stamped else None).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(source))
    )
    return out.getvalue()


def main() -> None:
    source = Path(sys.argv[1]).read_bytes()
    folder = Path(sys.argv[2])
    world = World()
    (folder / "root.pem").write_bytes(world.root.public_bytes(serialization.Encoding.PEM))
    (folder / "policy.bin").write_bytes(POLICY)
    p256 = world.signer(ec.generate_private_key(ec.SECP256R1()))
    proved = {"embed_validation_info": True, "validation_context": world.context()}
    kinds = [
        ("b-b", "PAdES-B-B", "open", p256, {"stamped": False}),
        ("b-t", "PAdES-B-T", "open", p256, {}),
        ("b-lt", "PAdES-B-LT", "passed", p256, proved),
        ("b-lta", "PAdES-B-LTA", "passed", p256, {**proved, "use_pades_lta": True}),
        (
            "epes",
            "PAdES-B-LT",
            "passed",
            p256,
            {**proved, "cades_signed_attr_spec": CAdESSignedAttrSpec(signature_policy_identifier=policy())},
        ),
        (
            "content-stamp",
            "PAdES-B-LT",
            "passed",
            p256,
            {**proved, "cades_signed_attr_spec": CAdESSignedAttrSpec(timestamp_content=True)},
        ),
        (
            "pkcs7",
            "PDF-NOT-ETSI",
            "passed",
            p256,
            {**proved, "subfilter": SigSeedSubFilter.ADOBE_PKCS7_DETACHED},
        ),
        (
            "p384",
            "PAdES-B-LTA",
            "passed",
            world.signer(ec.generate_private_key(ec.SECP384R1())),
            {**proved, "use_pades_lta": True, "md": "sha384"},
        ),
        (
            "rsa",
            "PAdES-B-LTA",
            "passed",
            world.signer(rsa.generate_private_key(65537, 2048)),
            {**proved, "use_pades_lta": True, "md": "sha512"},
        ),
        (
            "rsa-pss",
            "PAdES-B-LTA",
            "passed",
            world.signer(rsa.generate_private_key(65537, 3072), pss=True),
            {**proved, "use_pades_lta": True},
        ),
        (
            "ed25519",
            "PAdES-B-LTA",
            "passed",
            world.signer(ed25519.Ed25519PrivateKey.generate()),
            {**proved, "use_pades_lta": True, "md": "sha512"},
        ),
        ("sha3", "PAdES-B-LT", "passed", p256, {**proved, "md": "sha3_256"}),
    ]
    for label, level, expectation, signer, options in kinds:
        (folder / f"{label}.pdf").write_bytes(sign(world, source, signer, **options))
        print(f"{label}\t{level}\t{expectation}", flush=True)


main()
