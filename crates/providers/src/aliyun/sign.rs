//! ACS3-HMAC-SHA256, version 3 of Alibaba Cloud's signature.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};

use crate::notice::encode;

/// Who signs.
#[derive(Clone, Copy, Debug)]
pub struct Credential<'a> {
    /// AccessKey ID.
    pub id: &'a str,
    /// AccessKey secret.
    pub secret: &'a str,
}

/// The query as it is signed and sent: sorted by name, escaped by RFC 3986.
#[must_use]
pub fn canonical_query(parameters: &[(&str, &str)]) -> String {
    let mut pairs: Vec<(&str, &str)> = parameters.to_vec();
    pairs.sort_unstable();
    let pairs: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// The value of the Authorization header for a POST to `/`. `query` is canonical; `headers` are the signed ones (host,
/// content-type where there is one, every x-acs-*), by their names in lower case and sorted; `digest` is
/// x-acs-content-sha256.
#[must_use]
pub fn authorization(
    credential: Credential<'_>,
    query: &str,
    headers: &[(&str, &str)],
    digest: &str,
) -> String {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{}\n", value.trim())).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let canonical = format!("POST\n/\n{query}\n{lines}\n{names}\n{digest}");
    let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex::encode(pki::sha256(canonical.as_bytes())));
    let key = Key::new(HMAC_SHA256, credential.secret.as_bytes());
    let signature = hex::encode(sign(&key, to_sign.as_bytes()));
    format!("ACS3-HMAC-SHA256 Credential={},SignedHeaders={names},Signature={signature}", credential.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vector_is_met() {
        let empty = hex::encode(pki::sha256(b""));
        let query = canonical_query(&[
            ("RegionId", "cn-shanghai"),
            ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"),
        ]);
        let headers = [
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-content-sha256", empty.as_str()),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-version", "2014-05-26"),
        ];
        let credential = Credential { id: "YourAccessKeyId", secret: "YourAccessKeySecret" };
        assert_eq!(
            authorization(credential, &query, &headers, &empty),
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;\
             x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,\
             Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        );
    }

    #[test]
    fn queries_are_sorted_and_escaped() {
        let query = canonical_query(&[("b", "张 *~"), ("a", "1+2")]);
        assert_eq!(query, "a=1%2B2&b=%E5%BC%A0%20%2A~");
    }
}
