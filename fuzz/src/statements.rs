//! Canonical JSON (RFC 8785): activations, signing policies, and the records that go with signed documents.

use domain::policy::SigningPolicy;
use keys::{ActivationRecord, Control, SignedContent, Statement};
use serde_json::Value;

/// Whether the document is taken. One byte says what the rest is: an activation (0), a signing policy (1), or the record of
/// a signature (2), which is judged as the record of the signature that its own activation names.
///
/// # Panics
/// Where two texts say the same and both are taken, or a record proves what it does not show: that is a finding.
pub fn statement(input: &[u8]) -> bool {
    let Some((kind, rest)) = input.split_first() else { return false };
    match kind % 3 {
        0 => Statement::from_canonical(rest).is_some_and(|it| {
            assert_eq!(it.canonical(), rest);
            assert_eq!(sorted(rest), rest, "not in the canonical form");
            let _ = (it.time(), it.nonce());
            true
        }),
        1 => SigningPolicy::from_canonical(rest).is_some_and(|it| {
            assert_eq!(it.canonical(), rest);
            assert_eq!(sorted(rest), rest, "not in the canonical form");
            assert!(domain::policy::oid(&pki::sha256(rest)).len() < 80);
            true
        }),
        _ => record(rest),
    }
}

/// The same JSON, its members sorted and nothing between them, by another writer.
fn sorted(json: &[u8]) -> Vec<u8> {
    let value: Value = serde_json::from_slice(json).expect("what is taken is JSON");
    serde_json::to_vec(&value).expect("it was JSON before")
}

fn of<'a>(
    certificate: &'a [u8; 32],
    content: &'a [u8],
    policy: Option<&'a [u8]>,
    revisions: &'a [[u8; 32]],
) -> SignedContent<'a> {
    SignedContent { certificate, content, policy, revisions, claimed: None, stamped: None }
}

fn record(json: &[u8]) -> bool {
    let Ok(it) = serde_json::from_slice::<ActivationRecord>(json) else { return false };
    let Some(stated) = Statement::from_canonical(it.activation.as_bytes()) else {
        assert!(it.judge(&of(&[0; 32], &[], None, &[])).is_err());
        return false;
    };
    let mut certificate = [0; 32];
    let _ = hex::decode_to_slice(&stated.certificate, &mut certificate);
    let content = hex::decode(&stated.content).unwrap_or_default();
    let policy = hex::decode(&stated.policy).unwrap_or_default();
    let shown =
        stated.revisions.iter().map(|it| &it.sha256).chain(stated.documents.iter().map(|it| &it.sha256));
    let digest = |text: &String| {
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).ok().map(|()| digest)
    };
    let revisions: Vec<[u8; 32]> = shown.filter_map(digest).collect();
    let named = of(&certificate, &content, Some(&policy), &revisions);
    let Ok(control) = it.judge(&named) else { return false };
    assert!(it.belongs_to(&named));
    assert_eq!(pki::sha256(&it.certificate), certificate);
    assert_eq!(pki::sha256(it.policy.as_bytes()).to_vec(), policy);
    // Of another signature it says nothing.
    let other = [content.as_slice(), &[1]].concat();
    assert!(it.judge(&SignedContent { content: &other, ..named }).is_err());
    // Nor of one in another file.
    assert!(it.judge(&SignedContent { revisions: &[], ..named }).is_err());
    if let Control::Passkey { certified, .. } = control {
        let shown = it.passkey.as_ref().expect("a passkey is shown");
        // The passkey agreed to exactly this: any other word of it, and it did not.
        let mut bent = it.clone();
        bent.activation = it.activation.replacen("\"at\":\"2", "\"at\":\"1", 1);
        if bent.activation != it.activation {
            assert!(bent.judge(&named).is_err(), "another activation was agreed to");
        }
        let mut silent = it.clone();
        silent.passkey = None;
        let said = certified || it.custody == "passkey";
        assert_eq!(silent.judge(&named).is_err(), said, "a named passkey cannot be left away");
        assert!(!shown.relying_party.id.is_empty());
    }
    true
}
