//! The hash chain over canonical events.

use aws_lc_rs::digest::{Context, SHA256};

use crate::event::Event;

/// The hash before the first event.
pub const GENESIS: [u8; 32] = [0; 32];

/// `SHA-256(0x00 ‖ prev_hash ‖ canonical)`.
#[must_use]
pub fn hash(prev_hash: &[u8; 32], canonical: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(&[0]);
    context.update(prev_hash);
    context.update(canonical);
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// An event in its place in the chain, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The event.
    pub event: Event,
    /// The encoding that was hashed.
    pub canonical: Vec<u8>,
    /// The hash of the event before.
    pub prev_hash: [u8; 32],
    /// This event's hash.
    pub hash: [u8; 32],
}

impl Link {
    /// Chains an event to the one before.
    #[must_use]
    pub fn forge(event: Event, prev_hash: [u8; 32]) -> Self {
        let canonical = event.canonical();
        let hash = hash(&prev_hash, &canonical);
        Self { event, canonical, prev_hash, hash }
    }

    /// Checks this link alone: its encoding says what its event says, and its hash is right.
    ///
    /// # Errors
    /// [`ChainError::Event`], [`ChainError::Hash`].
    pub fn verify(&self) -> Result<(), ChainError> {
        if self.event.canonical() != self.canonical {
            return Err(ChainError::Event { seq: self.event.seq });
        }
        if hash(&self.prev_hash, &self.canonical) != self.hash {
            return Err(ChainError::Hash { seq: self.event.seq });
        }
        Ok(())
    }
}

/// Where a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// The encoding does not say what the event says.
    #[error("event {seq} differs from its encoding")]
    Event {
        /// The event's number.
        seq: u64,
    },
    /// The hash is not that of the encoding.
    #[error("event {seq} has another hash")]
    Hash {
        /// The event's number.
        seq: u64,
    },
    /// The event does not follow the one before: an event was removed, moved or added.
    #[error("event {seq} does not follow the event before")]
    Order {
        /// The event's number.
        seq: u64,
    },
}

/// Checks consecutive links, and gives the hash of the last. `before` is the number and hash of the event before the
/// first link: `(0, GENESIS)` for the whole log.
///
/// # Errors
/// The first link that is broken.
pub fn verify_chain<'a>(
    before: (u64, [u8; 32]),
    links: impl IntoIterator<Item = &'a Link>,
) -> Result<[u8; 32], ChainError> {
    let (mut seq, mut head) = before;
    for link in links {
        if link.event.seq != seq + 1 || link.prev_hash != head {
            return Err(ChainError::Order { seq: link.event.seq });
        }
        link.verify()?;
        (seq, head) = (link.event.seq, link.hash);
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests::event;

    fn chain(length: u64) -> Vec<Link> {
        let mut head = GENESIS;
        (1..=length)
            .map(|seq| {
                let link = Link::forge(event(seq, "t"), head);
                head = link.hash;
                link
            })
            .collect()
    }

    #[test]
    fn the_first_hash_is_known() {
        // printf '\0' + 32 zero bytes + '{}' | sha256sum
        assert_eq!(
            hex::encode(hash(&GENESIS, b"{}")),
            "df2fad6a42533aaab95db7d32ba62a1222257cd5908f1f5eb7ce850d55dc0709"
        );
    }

    #[test]
    fn a_whole_chain_verifies_and_so_does_a_part() {
        let links = chain(5);
        assert_eq!(verify_chain((0, GENESIS), &links), Ok(links[4].hash));
        assert_eq!(verify_chain((2, links[1].hash), &links[2..]), Ok(links[4].hash));
    }

    #[test]
    fn every_tampering_shows() {
        let tampered = |change: &dyn Fn(&mut Vec<Link>)| {
            let mut links = chain(5);
            change(&mut links);
            verify_chain((0, GENESIS), &links)
        };
        assert_eq!(
            tampered(&|l| l[2].event.kind = "envelope.voided".to_owned()),
            Err(ChainError::Event { seq: 3 })
        );
        assert_eq!(tampered(&|l| l[2].hash[0] ^= 1), Err(ChainError::Hash { seq: 3 }));
        assert_eq!(tampered(&|l| drop(l.remove(2))), Err(ChainError::Order { seq: 4 }));
        assert_eq!(tampered(&|l| l.swap(1, 2)), Err(ChainError::Order { seq: 3 }));
        let forged = |l: &mut Vec<Link>| l[1] = Link::forge(event(2, "other"), l[0].hash);
        assert_eq!(
            tampered(&forged),
            Err(ChainError::Order { seq: 3 }),
            "a rewritten event breaks the next link"
        );
    }
}
