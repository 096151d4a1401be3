//! Object identifiers, as content octets.
use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $dotted:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: &[u8] = {
            const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap($dotted);
            OID.as_bytes()
        };)*
    };
}

oids! {
    EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    P256 = "1.2.840.10045.3.1.7";
    P384 = "1.3.132.0.34";
    P521 = "1.3.132.0.35";
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    RSA_PSS = "1.2.840.113549.1.1.10";
    MGF1 = "1.2.840.113549.1.1.8";
    SHA1_WITH_RSA = "1.2.840.113549.1.1.5";
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    SHA384_WITH_RSA = "1.2.840.113549.1.1.12";
    SHA512_WITH_RSA = "1.2.840.113549.1.1.13";
    ECDSA_WITH_SHA1 = "1.2.840.10045.4.1";
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4";
    ED25519 = "1.3.101.112";
    ECDSA_WITH_SHA3_256 = "2.16.840.1.101.3.4.3.10";
    ECDSA_WITH_SHA3_384 = "2.16.840.1.101.3.4.3.11";
    ECDSA_WITH_SHA3_512 = "2.16.840.1.101.3.4.3.12";
    SHA3_256_WITH_RSA = "2.16.840.1.101.3.4.3.14";
    SHA3_384_WITH_RSA = "2.16.840.1.101.3.4.3.15";
    SHA3_512_WITH_RSA = "2.16.840.1.101.3.4.3.16";
    SHA1 = "1.3.14.3.2.26";
    SHA256 = "2.16.840.1.101.3.4.2.1";
    SHA384 = "2.16.840.1.101.3.4.2.2";
    SHA512 = "2.16.840.1.101.3.4.2.3";
    SHA3_256 = "2.16.840.1.101.3.4.2.8";
    SHA3_384 = "2.16.840.1.101.3.4.2.9";
    SHA3_512 = "2.16.840.1.101.3.4.2.10";

    COMMON_NAME = "2.5.4.3";
    SUBJECT_SERIAL_NUMBER = "2.5.4.5";
    COUNTRY = "2.5.4.6";
    ORGANIZATION = "2.5.4.10";
    ORGANIZATION_IDENTIFIER = "2.5.4.97";

    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    KEY_USAGE = "2.5.29.15";
    SUBJECT_ALT_NAME = "2.5.29.17";
    BASIC_CONSTRAINTS = "2.5.29.19";
    CRL_NUMBER = "2.5.29.20";
    REASON_CODE = "2.5.29.21";
    DELTA_CRL_INDICATOR = "2.5.29.27";
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    CERTIFICATE_ISSUER = "2.5.29.29";
    NAME_CONSTRAINTS = "2.5.29.30";
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    CERTIFICATE_POLICIES = "2.5.29.32";
    ANY_POLICY = "2.5.29.32.0";
    POLICY_MAPPINGS = "2.5.29.33";
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    POLICY_CONSTRAINTS = "2.5.29.36";
    EXTENDED_KEY_USAGE = "2.5.29.37";
    INHIBIT_ANY_POLICY = "2.5.29.54";
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    ACCESS_OCSP = "1.3.6.1.5.5.7.48.1";
    ACCESS_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
    EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

    KP_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    KP_TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    KP_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    KP_DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36";
    KP_ADOBE_AUTHENTIC_DOCUMENTS = "1.2.840.113583.1.1.5";
    KP_MS_DOCUMENT_SIGNING = "1.3.6.1.4.1.311.10.3.12";
    KP_ANY = "2.5.29.37.0";

    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";

    OCSP_RESPONSE_INFO = "1.3.6.1.5.5.7.16.2";

    CMS_DATA = "1.2.840.113549.1.7.1";
    CMS_SIGNED_DATA = "1.2.840.113549.1.7.2";
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14";
    SIGNATURE_POLICY = "1.2.840.113549.1.9.16.2.15";
    SIGNATURE_POLICY_URI = "1.2.840.113549.1.9.16.5.1";
    COMMITMENT_TYPE = "1.2.840.113549.1.9.16.2.16";
    SIGNER_LOCATION = "1.2.840.113549.1.9.16.2.17";
    CONTENT_TIME_STAMP = "1.2.840.113549.1.9.16.2.20";
    REVOCATION_INFO_ARCHIVAL = "1.2.840.113583.1.1.8";
    TST_INFO = "1.2.840.113549.1.9.16.1.4";

    /// Ours, non-critical: the key opens only with the passkey of this fingerprint. 99999 is no assigned enterprise number.
    KEY_ACTIVATION = "1.3.6.1.4.1.99999.4.1";
    /// Policies of the embedded test authority: 99999 is no assigned enterprise number, and nobody should rely on it.
    TEST_POLICY_PERSON = "1.3.6.1.4.1.99999.1.1";
    TEST_POLICY_ORGANIZATION = "1.3.6.1.4.1.99999.1.2";
    TEST_POLICY_PLATFORM = "1.3.6.1.4.1.99999.1.3";
    TEST_POLICY_AGENT = "1.3.6.1.4.1.99999.1.4";
    TEST_POLICY_LOG = "1.3.6.1.4.1.99999.1.5";
    TEST_POLICY_PERSON_EVENT = "1.3.6.1.4.1.99999.1.11";
    TEST_POLICY_ORGANIZATION_EVENT = "1.3.6.1.4.1.99999.1.12";
    TEST_POLICY_AGENT_EVENT = "1.3.6.1.4.1.99999.1.14";
    /// The purpose of a log's key.
    KP_TEST_LOG = "1.3.6.1.4.1.99999.3.1";
}

/// `1.2.840…`, or the octets in hexadecimal where they are no object identifier that fits.
pub(crate) fn dotted(content: &[u8]) -> String {
    match ObjectIdentifier::from_bytes(content) {
        Ok(oid) => oid.to_string(),
        Err(_) => format!("#{}", hex::encode(content)),
    }
}

/// Content octets of a dotted object identifier.
pub(crate) fn from_dotted(dotted: &str) -> Option<Vec<u8>> {
    ObjectIdentifier::new(dotted).ok().map(|oid| oid.as_bytes().to_vec())
}
