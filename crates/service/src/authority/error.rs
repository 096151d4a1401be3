//! What an authority could not do. None of it is the signer's fault: it is logged, and the step may be repeated.

use super::waiting::WaitEnd;

/// Why nothing was issued, revoked or stamped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// The linter found a fault before signing.
    #[error("the certificate was not issued: {0}")]
    Lint(#[from] pki::ca::LintError),
    /// The key failed.
    #[error(transparent)]
    Sign(#[from] pki::SignError),
    /// Bytes of ours or of another authority cannot be read.
    #[error(transparent)]
    Parse(#[from] pki::ParseError),
    /// A key of the authority cannot be made, opened or sealed.
    #[error("a key of the authority is not usable: {0}")]
    Key(String),
    /// The proof of possession does not hold.
    #[error("the proof of possession does not hold")]
    Possession,
    /// The public key was certified before.
    #[error("this public key was certified before")]
    AlreadyCertified,
    /// A certificate of the same subject is on hold.
    #[error("a certificate of this subject is on hold")]
    OnHold,
    /// Not a profile for subscribers.
    #[error("subscribers get no certificate of this profile")]
    Profile,
    /// The time-stamp authority gave no token, or one that does not hold.
    #[error("no time-stamp: {0}")]
    TimeStamp(String),
    /// The key of the root is needed and not on this machine.
    #[error("the key of the root is not on this machine")]
    RootOffline,
    /// No CA certifies subjects of this kind now: none was made, its key is not on this machine, or it ends too soon.
    #[error("no CA certifies subjects of the kind {0} now: `vermilion ca list` says why")]
    NoIssuer(&'static str),
    /// The certificate that is to be renewed is not one that may be.
    #[error("the certificate is not renewed: {0}")]
    NotRenewable(&'static str),
    /// A file that was brought here is not what it should be.
    #[error("{0}")]
    Refused(String),
    /// The external authority did not issue.
    #[error("the external authority: {0}")]
    External(String),
    /// The external authority issued, and nobody waits for it any more.
    #[error("the certificate came too late: {}", .0.as_str())]
    Late(WaitEnd),
    /// The external authority has not decided yet: the request is kept, and sent again.
    #[error("the external authority decides later")]
    Pending,
    /// The records cannot be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A file cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
