//! What every adapter does around its calls: off the async threads, and once for each order.

use crate::answer::Answer;
use crate::asking::Seen;
use crate::error::{Fault, ProviderError};

/// Runs a blocking call off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    provider: &'static str,
    call: impl FnOnce() -> Result<T, ProviderError> + Send + 'static,
) -> Result<T, ProviderError> {
    let ended = tokio::task::spawn_blocking(call).await;
    ended.unwrap_or_else(|_| {
        Err(ProviderError::new(provider, Fault::Failed("the call was cut off".to_owned())))
    })
}

/// What was answered to which order.
#[derive(Debug)]
pub(crate) struct Orders<V>(Seen<(String, Answer<V>)>);

impl<V: Clone> Orders<V> {
    pub(crate) fn new() -> Self {
        Self(Seen::new())
    }

    /// The answer that this order was given before; otherwise the one that `ask` gets now. `content` is what is asked:
    /// another content under the same order is refused.
    pub(crate) fn once(
        &self,
        provider: &'static str,
        order: &str,
        content: &[&str],
        ask: impl FnOnce() -> Result<Answer<V>, ProviderError>,
    ) -> Result<Answer<V>, ProviderError> {
        // The length of each part stands before it, so that no two lists run together into one text.
        let parts: Vec<String> = content.iter().map(|part| format!("{}:{part}", part.len())).collect();
        let digest = hex::encode(pki::sha256(parts.concat().as_bytes()));
        let same = |before: (String, Answer<V>)| match before {
            (content, answer) if content == digest => Ok(answer),
            _ => Err(ProviderError::new(provider, Fault::Replayed("the same order for another check"))),
        };
        if let Some(before) = self.0.find(order) {
            return same(before);
        }
        let answer = ask()?;
        match self.0.remember(order, (digest.clone(), answer.clone())) {
            Some(before) => same(before),
            None => Ok(answer),
        }
    }
}
