//! What a validation may cost.
use super::PathError;

/// What a validation may cost on hostile input. One budget may be shared by the validations of a whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Signature checks left.
    pub signatures: u32,
    /// Longest path, leaf and anchor included.
    pub depth: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { signatures: 200, depth: 10 }
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
