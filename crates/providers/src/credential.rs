//! Keys of accounts with providers. Temporary ones expire: they are read anew where a provider says so.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::Fault;
use crate::secret::Secret;

/// A key with a provider.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its id.
    pub id: String,
    /// Its secret half.
    pub secret: Secret,
    /// The token of a temporary one.
    pub token: Option<Secret>,
}

impl Credential {
    fn is(&self, other: &Self) -> bool {
        let token = |it: &Self| it.token.as_ref().map(|token| token.reveal().to_owned());
        self.id == other.id && self.secret.reveal() == other.secret.reveal() && token(self) == token(other)
    }
}

/// Where a credential is read anew: files that somebody else keeps up to date, say. None where it cannot be read.
#[derive(Clone)]
pub struct Renewal(Arc<dyn Fn() -> Option<Credential> + Send + Sync>);

impl Renewal {
    /// Reads it in this way.
    #[must_use]
    pub fn new(read: impl Fn() -> Option<Credential> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// What stands there now.
    #[must_use]
    pub fn read(&self) -> Option<Credential> {
        (self.0)()
    }
}

impl fmt::Debug for Renewal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Renewal(…)")
    }
}

/// The credential in use.
#[derive(Debug)]
pub(crate) struct Held {
    current: RwLock<Arc<Credential>>,
    renewal: Option<Renewal>,
}

impl Held {
    pub(crate) fn new(first: Credential, renewal: Option<Renewal>) -> Self {
        Self { current: RwLock::new(Arc::new(first)), renewal }
    }

    pub(crate) fn current(&self) -> Arc<Credential> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up what stands there now in place of `expired`. False where that is all there is.
    fn renew(&self, expired: &Credential) -> bool {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // Another question was faster.
        if !current.is(expired) {
            return true;
        }
        let found = self.renewal.as_ref().and_then(Renewal::read).filter(|it| !it.is(expired));
        match found {
            Some(found) => {
                *current = Arc::new(found);
                true
            }
            None => false,
        }
    }

    /// Asks, and once more with a credential that was read anew where the provider says that the first expired: such a question
    /// was not looked at.
    pub(crate) fn asking<T, E>(
        &self,
        ask: impl Fn(&Credential) -> Result<T, E>,
        fault: impl Fn(&E) -> &Fault,
    ) -> Result<T, E> {
        let credential = self.current();
        match ask(&credential) {
            Err(error) if matches!(fault(&error), Fault::Expired { .. }) && self.renew(&credential) => {
                ask(&self.current())
            }
            answered => answered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential(token: &str) -> Credential {
        Credential { id: "id".to_owned(), secret: Secret::new("key"), token: Some(Secret::new(token)) }
    }

    #[test]
    fn one_that_expired_is_read_anew_once_and_not_where_it_is_the_same() {
        let ask = |held: &Held| {
            held.asking(
                |it| match it.token.as_ref().map(Secret::reveal) {
                    Some("new") => Ok(()),
                    _ => Err(Fault::Expired { code: "TokenFailure".to_owned() }),
                },
                |fault| fault,
            )
        };
        assert!(ask(&Held::new(credential("old"), None)).is_err());
        assert!(ask(&Held::new(credential("old"), Some(Renewal::new(|| Some(credential("old")))))).is_err());
        assert!(ask(&Held::new(credential("old"), Some(Renewal::new(|| None)))).is_err());
        let held = Held::new(credential("old"), Some(Renewal::new(|| Some(credential("new")))));
        assert!(ask(&held).is_ok());
        assert_eq!(held.current().token.as_ref().map(Secret::reveal), Some("new"));
    }
}
