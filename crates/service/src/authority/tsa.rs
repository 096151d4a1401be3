//! Time-stamps of the embedded authority, RFC 3161.

use async_trait::async_trait;
use pki::tsa;

use super::{AuthorityError, EmbeddedAuthority, TimeStampAuthority};

/// Policy of test time-stamps. 32473 is the enterprise number of examples (RFC 5612): nobody relies on it.
pub(crate) const POLICY: &str = "1.3.6.1.4.1.32473.1.1";
/// The clock of a machine that runs NTP is no farther off.
pub(crate) const ACCURACY_MS: u32 = 1000;
/// A request holds a digest, a nonce and a policy.
const MOST_BYTES: usize = 16 * 1024;

#[async_trait]
impl TimeStampAuthority for EmbeddedAuthority {
    fn name(&self) -> &'static str {
        "embedded"
    }

    fn policy(&self) -> Option<&'static str> {
        Some(POLICY)
    }

    async fn answer(&self, request: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        if request.len() > MOST_BYTES {
            return Ok(tsa::Authority::reject(tsa::Failure::BadDataFormat, "the request is too large").der);
        }
        let mut serial = [0; 16];
        self.rng().fill(&mut serial);
        let gen_time = self.clock().now();
        let keys = self.keys();
        // 1. The serial number is on record before anything is signed under it, so that it never serves twice.
        if tsa::Request::from_der(request).is_ok() {
            let mut tx = self.store().begin().await?;
            tx.record_time_stamp(&hex::encode(serial), &pki::sha256(request), gen_time).await?;
            tx.commit().await?;
        }
        // 2. Sign; what cannot be stamped is rejected in the protocol's own words.
        Ok(keys.tsa.respond(request, serial, gen_time, &*keys.tsa_signer)?.der)
    }
}
