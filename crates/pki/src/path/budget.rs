//! What a validation may cost.
use super::PathError;
use crate::VerifyError;

/// What a validation may cost on hostile input. One budget may be shared by the validations of a whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Signature checks left.
    pub signatures: u32,
    /// Longest path, leaf and anchor included.
    pub depth: usize,
    /// Whether SHA-1 and short RSA keys are accepted.
    pub weak: Weak,
}

/// What is done with signatures that no longer prove anything (SHA-1, RSA under 2048 bits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weak {
    /// [`PathError::Algorithm`].
    #[default]
    Refused,
    /// As if they were strong: only where other evidence shows that the material is older than the attacks.
    Accepted,
}

impl Weak {
    /// Whether a signature counts as verified.
    pub(super) fn holds(self, verdict: &Result<(), VerifyError>) -> bool {
        match verdict {
            Ok(()) => true,
            Err(VerifyError::Weak { .. }) => self == Self::Accepted,
            Err(_) => false,
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self { signatures: 200, depth: 10, weak: Weak::Refused }
    }
}

impl Budget {
    /// Longest path that is followed whatever `depth` says.
    pub(super) const MAX_DEPTH: usize = 32;

    pub(super) fn spend_signature(&mut self) -> Result<(), PathError> {
        self.signatures = self.signatures.checked_sub(1).ok_or(PathError::BudgetExhausted)?;
        Ok(())
    }
}
