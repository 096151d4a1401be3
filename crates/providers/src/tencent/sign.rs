//! TC3-HMAC-SHA256, the signature of Tencent Cloud's API 3.0.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use jiff::Timestamp;
use jiff::tz::Offset;

/// Who signs.
#[derive(Clone, Copy, Debug)]
pub struct Credential<'a> {
    /// SecretId.
    pub id: &'a str,
    /// SecretKey.
    pub key: &'a str,
}

/// The value of the Authorization header for a POST of `body` to `/`. `headers` are the signed ones, by their names in
/// lower case and sorted; `service` is the first label of the host.
#[must_use]
pub fn authorization(
    credential: Credential<'_>,
    service: &str,
    at: Timestamp,
    headers: &[(&str, &str)],
    body: &[u8],
) -> String {
    let lines: String =
        headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim().to_lowercase())).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let canonical = format!("POST\n/\n\n{lines}\n{names}\n{}", hex::encode(pki::sha256(body)));
    let date = Offset::UTC.to_datetime(at).date();
    let scope = format!("{date}/{service}/tc3_request");
    let digest = hex::encode(pki::sha256(canonical.as_bytes()));
    let to_sign = format!("TC3-HMAC-SHA256\n{}\n{scope}\n{digest}", at.as_second());
    let key = signing_key(credential.key, &date.to_string(), service);
    let signature = hex::encode(hmac(&key, &to_sign));
    format!(
        "TC3-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        credential.id
    )
}

fn signing_key(secret: &str, date: &str, service: &str) -> Vec<u8> {
    let of_date = hmac(format!("TC3{secret}").as_bytes(), date);
    hmac(&hmac(&of_date, service), "tc3_request")
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] =
        br#"{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}"#;
    const ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
    const TYPE: (&str, &str) = ("content-type", "application/json; charset=utf-8");
    const HOST: (&str, &str) = ("host", "cvm.tencentcloudapi.com");

    fn signed(key: &str, headers: &[(&str, &str)]) -> String {
        let at = Timestamp::from_second(1_551_113_065).unwrap();
        authorization(Credential { id: ID, key }, "cvm", at, headers, BODY)
    }

    #[test]
    fn published_vectors_are_met() {
        assert_eq!(
            hex::encode(pki::sha256(BODY)),
            "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"
        );
        assert_eq!(
            signed("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", &[TYPE, HOST]),
            "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, \
             SignedHeaders=content-type;host, \
             Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
        );
        let asterisks = signed("Gu5t9xGARNpq86cd98joQYCN3*******", &[TYPE, HOST]);
        assert!(asterisks.ends_with("2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"));
    }

    #[test]
    fn the_action_is_signed_in_lower_case() {
        let headers = [TYPE, HOST, ("x-tc-action", "DescribeInstances")];
        let signed = signed("********************************", &headers);
        assert!(signed.contains("SignedHeaders=content-type;host;x-tc-action, "), "{signed}");
        assert!(
            signed.ends_with("10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"),
            "{signed}"
        );
    }

    #[test]
    fn published_keys_between_are_met() {
        let of_date = hmac(b"TC3********************************", "2019-02-25");
        let of_service = hmac(&of_date, "cvm");
        for (key, hex_digits) in [
            (&of_date, "da98fb70dcf6b112dc21038d1eeeb3a95c74b4dcb12c1131f864f6066bd02be0"),
            (&of_service, "8d70cbefb03939f929db64d32dc2ba89b1095620119fe3e050e2b18c5bd2752f"),
            (
                &signing_key("********************************", "2019-02-25", "cvm"),
                "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af",
            ),
        ] {
            assert_eq!(hex::encode(key), hex_digits);
        }
    }
}
