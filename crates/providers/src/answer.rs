//! What an authority said.

use jiff::Timestamp;

/// What an authority said, with what is needed to prove later that it said so.
#[derive(Clone)]
pub struct Answer<V> {
    /// Name of the provider.
    pub provider: &'static str,
    /// The provider's own number of the transaction.
    pub transaction: String,
    /// The result.
    pub verdict: V,
    /// The provider's answer, byte for byte. It holds personal data: it is encrypted before it is kept.
    pub raw: Vec<u8>,
    /// When the provider answered, by our clock.
    pub at: Timestamp,
}

impl<V> Answer<V> {
    /// SHA-256 of the provider's answer.
    #[must_use]
    pub fn raw_sha256(&self) -> [u8; 32] {
        pki::sha256(&self.raw)
    }

    /// The same answer with another reading of it.
    #[must_use]
    pub fn map<W>(self, read: impl FnOnce(V) -> W) -> Answer<W> {
        let Self { provider, transaction, verdict, raw, at } = self;
        Answer { provider, transaction, verdict: read(verdict), raw, at }
    }
}

impl<V: std::fmt::Debug> std::fmt::Debug for Answer<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("provider", &self.provider)
            .field("transaction", &self.transaction)
            .field("verdict", &self.verdict)
            .field("raw", &format_args!("{} bytes", self.raw.len()))
            .field("at", &self.at)
            .finish()
    }
}
