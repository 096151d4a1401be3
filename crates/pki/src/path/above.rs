//! Putting certificates in order, without judging them.
use crate::{Certificate, VerifyError};

/// Those of `pool` that stand above `certificate`, nearest first, each the issuer of the one before. Nothing is judged but
/// whose key signed what: the rest is for [`validate`](super::validate()).
pub fn issuers_above(certificate: &Certificate, pool: &[Certificate]) -> Vec<Certificate> {
    let mut above: Vec<Certificate> = Vec::new();
    let mut last = certificate;
    while !last.is_self_issued() {
        let next = pool.iter().find(|one| issued(one, last) && *one != certificate && !above.contains(one));
        let Some(next) = next else { break };
        above.push(next.clone());
        last = next;
    }
    above
}

fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    issuer.subject().matches(certificate.issuer())
        && matches!(certificate.verify_signature(issuer), Ok(()) | Err(VerifyError::Weak { .. }))
}
