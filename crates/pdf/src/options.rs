//! How a file is opened.

use zeroize::Zeroizing;

use crate::{Encryption, Limits};

/// Limits, and the password of an encrypted file.
///
/// ```
/// use vermilion_pdf::{Limits, OpenOptions};
/// let options = OpenOptions::new().limits(Limits::default().with_max_pages(500)).password("secret");
/// assert!(!format!("{options:?}").contains("secret"));
/// ```
#[derive(Clone, Default)]
pub struct OpenOptions {
    limits: Limits,
    password: Option<Zeroizing<String>>,
    /// The key of an earlier state of the same file.
    opened: Option<Encryption>,
}

impl OpenOptions {
    /// The default limits and no password.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same with a password, the user's or the owner's (ISO 32000-2, 7.6.4.1). A file that the empty password
    /// opens is opened whatever stands here; the owner's password gives the owner's permissions.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(Zeroizing::new(password.into()));
        self
    }

    /// The same with the key that opened an earlier state of the file.
    pub(crate) fn opened(mut self, encryption: Option<Encryption>) -> Self {
        self.opened = encryption;
        self
    }

    pub(crate) fn key(&self) -> Option<&Encryption> {
        self.opened.as_ref()
    }

    pub(crate) fn bounds(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn secret(&self) -> Option<&str> {
        self.password.as_ref().map(|password| password.as_str())
    }
}

impl std::fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let password = self.password.as_ref().map(|_| "…");
        f.debug_struct("OpenOptions").field("limits", &self.limits).field("password", &password).finish()
    }
}

impl From<&Limits> for OpenOptions {
    fn from(limits: &Limits) -> Self {
        Self::new().limits(limits.clone())
    }
}
