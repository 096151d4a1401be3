//! Answers in memory, bounded in bytes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Kept, Key};

#[derive(Debug)]
pub(super) struct Memory {
    most: usize,
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    entries: HashMap<Key, Entry>,
    bytes: usize,
    /// Counts uses.
    turn: u64,
}

#[derive(Debug)]
struct Entry {
    kept: Kept,
    size: usize,
    /// When it was last used.
    turn: u64,
}

impl Memory {
    pub(super) fn new(most: usize) -> Self {
        Self { most, shelf: Mutex::default() }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Kept> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.turn += 1;
        let turn = shelf.turn;
        let entry = shelf.entries.get_mut(key)?;
        entry.turn = turn;
        Some(entry.kept.clone())
    }

    /// Keeps it, unless it alone is more than may be kept; what was used longest ago makes room.
    pub(super) fn put(&self, key: Key, kept: Kept) {
        let size = kept.item.size();
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.remove(&key);
        if size > self.most {
            return;
        }
        while shelf.bytes.saturating_add(size) > self.most {
            let oldest = shelf.entries.iter().min_by_key(|(_, entry)| entry.turn).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            shelf.remove(&oldest);
        }
        shelf.turn += 1;
        let turn = shelf.turn;
        shelf.bytes += size;
        shelf.entries.insert(key, Entry { kept, size, turn });
    }
}

impl Shelf {
    fn remove(&mut self, key: &Key) {
        if let Some(entry) = self.entries.remove(key) {
            self.bytes = self.bytes.saturating_sub(entry.size);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::Item;
    use super::*;

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let empty = || Kept { item: Item::Certificates(Vec::new()), until: Timestamp::MAX };
        let key = |n: u8| Key::Crl(n.to_string());
        let size = empty().item.size();
        let memory = Memory::new(3 * size);
        for n in 0..3 {
            memory.put(key(n), empty());
        }
        assert!(memory.get(&key(0)).is_some());
        memory.put(key(3), empty());
        memory.put(key(3), empty());
        let there: Vec<u8> = (0..4).filter(|n| memory.get(&key(*n)).is_some()).collect();
        assert_eq!(there, [0, 2, 3]);
        assert_eq!(memory.shelf.lock().unwrap().bytes, 3 * size);

        let none = Memory::new(0);
        none.put(key(0), empty());
        assert!(none.get(&key(0)).is_none());
    }
}
