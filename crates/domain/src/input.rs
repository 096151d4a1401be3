//! The two inputs that no rule may take for itself: the time and randomness.

use std::convert::Infallible;

use jiff::Timestamp;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The time now, cut to microseconds, as storage keeps it.
    fn now(&self) -> Timestamp;
}

/// Where randomness comes from.
pub trait Rng: Send + Sync {
    /// Fills `dest` with random bytes, good enough for keys and secrets.
    fn fill(&self, dest: &mut [u8]);
}

/// An [`Rng`] in the shape that `rand_core` callers take.
pub struct Draw<'a>(pub &'a dyn Rng);

impl rand_core::TryRng for Draw<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(dest);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Draw<'_> {}
