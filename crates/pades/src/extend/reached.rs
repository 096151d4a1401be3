//! Reading back which level the file shows, with nothing but what is in it (EN 319 142-1 §6).

use pdf::Document;

use super::gather::Pool;
use super::inventory::{Inventory, Item, Scope};
use super::{LevelError, needs_time, subjects};
use crate::{Level, Sources};

/// Fails where a signature in scope does not show the level, or is not there.
pub(super) fn check(
    document: &Document,
    level: Level,
    scope: Scope<'_>,
    sources: &Sources<'_>,
) -> Result<(), LevelError> {
    let inventory = Inventory::of(document, scope)?;
    if let Scope::Fields(fields) = scope {
        let is_there = |field: &&&str| inventory.items.iter().any(|item| item.field == **field);
        if let Some(field) = fields.iter().find(|field| !is_there(field)) {
            return Err(missing(field, level, "it is not in the file"));
        }
    }
    let mut in_scope = inventory.items.iter().filter(|item| scope.holds(&item.field));
    in_scope.try_for_each(|item| shows(&inventory, item, level, sources))
}

fn shows(inventory: &Inventory, item: &Item, level: Level, sources: &Sources<'_>) -> Result<(), LevelError> {
    if level >= Level::BT && needs_time(inventory, item) {
        return Err(missing(&item.field, level, "nothing proves when it was made"));
    }
    // A time-stamp that covers all the others is proved by nothing but its own authority.
    let covers_all =
        level >= Level::BLTA && item.is_time_stamp() && inventory.covering(item.revision).next().is_none();
    if level >= Level::BLT && !covers_all {
        let mut pool = Pool::of(&inventory.store.material);
        for one in &inventory.items {
            pool.add_certificates(one.certificates());
        }
        for subject in subjects(inventory, item, sources.at) {
            pool.validate(&subject, sources)?;
        }
    }
    if level >= Level::BLTA {
        let stored = inventory.store.revision.unwrap_or(0).max(item.revision);
        let covered = item.is_time_stamp() && covers_all || inventory.covering(stored).next().is_some();
        if !covered {
            return Err(missing(&item.field, level, "no document time-stamp covers its validation material"));
        }
    }
    Ok(())
}

fn missing(field: &str, level: Level, why: &str) -> LevelError {
    LevelError::NotReached { field: field.to_owned(), level, why: why.to_owned() }
}
