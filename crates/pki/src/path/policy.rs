//! Certificate policies, RFC 5280 §6.1.2 to §6.1.5, with the initial policy set any-policy.
//!
//! With that set the path fails only where an explicit policy is required and the policy tree is empty. For this the
//! tree's deepest level is enough: which policies are valid there, and what the next certificate may call them.
use std::collections::{BTreeMap, BTreeSet};

use super::PathError;
use crate::{Certificate, oid};

type Policy = Vec<u8>;

pub(super) struct PolicyState {
    /// Valid policies at this depth with the names expected next; `None` is the empty tree.
    valid: Option<Level>,
    explicit: u64,
    inhibit_any: u64,
    mapping: u64,
}

#[derive(Default)]
struct Level {
    nodes: BTreeMap<Policy, BTreeSet<Policy>>,
    /// A node any-policy.
    any: bool,
}

impl PolicyState {
    /// For a path of `length` certificates under the anchor.
    pub(super) fn new(length: usize) -> Self {
        let never = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(1);
        let valid = Some(Level { nodes: BTreeMap::new(), any: true });
        Self { valid, explicit: never, inhibit_any: never, mapping: never }
    }

    /// §6.1.3 (d) to (f); the leaf does not count as self-issued.
    pub(super) fn enter(&mut self, certificate: &Certificate, self_issued: bool) -> Result<(), PathError> {
        let above = self.valid.take();
        if let (Some(above), Some(policies)) = (above, &certificate.extensions().policies) {
            let any_allowed = self.inhibit_any > 0 || self_issued;
            self.valid = descend(&above, policies, any_allowed);
        }
        if self.explicit == 0 && self.valid.is_none() {
            return Err(PathError::Policy { subject: certificate.subject().to_string() });
        }
        Ok(())
    }

    /// §6.1.4 (a), (b), (h) to (j).
    pub(super) fn leave(&mut self, ca: &Certificate, self_issued: bool) -> Result<(), PathError> {
        let extensions = ca.extensions();
        let maps_any = |(from, to): &(Policy, Policy)| from == oid::ANY_POLICY || to == oid::ANY_POLICY;
        if extensions.policy_mappings.iter().any(maps_any) {
            return Err(PathError::Policy { subject: ca.subject().to_string() });
        }
        self.map(&extensions.policy_mappings);
        if !self_issued {
            self.explicit = self.explicit.saturating_sub(1);
            self.mapping = self.mapping.saturating_sub(1);
            self.inhibit_any = self.inhibit_any.saturating_sub(1);
        }
        if let Some(constraints) = extensions.policy_constraints {
            self.explicit = constraints.require_explicit.map_or(self.explicit, |n| n.min(self.explicit));
            self.mapping = constraints.inhibit_mapping.map_or(self.mapping, |n| n.min(self.mapping));
        }
        self.inhibit_any =
            extensions.inhibit_any_policy.map_or(self.inhibit_any, |n| n.min(self.inhibit_any));
        Ok(())
    }

    /// §6.1.5 (a), (b), (g).
    pub(super) fn finish(&mut self, leaf: &Certificate) -> Result<(), PathError> {
        self.explicit = self.explicit.saturating_sub(1);
        if leaf.extensions().policy_constraints.and_then(|c| c.require_explicit) == Some(0) {
            self.explicit = 0;
        }
        if self.explicit == 0 && self.valid.is_none() {
            return Err(PathError::Policy { subject: leaf.subject().to_string() });
        }
        Ok(())
    }

    fn map(&mut self, mappings: &[(Policy, Policy)]) {
        let Some(level) = &mut self.valid else { return };
        let mut mapped: BTreeMap<&Policy, BTreeSet<Policy>> = BTreeMap::new();
        for (from, to) in mappings {
            mapped.entry(from).or_default().insert(to.clone());
        }
        for (from, to) in mapped {
            if self.mapping == 0 {
                level.nodes.remove(from);
            } else if level.any || level.nodes.contains_key(from) {
                level.nodes.insert(from.clone(), to);
            }
        }
        if level.nodes.is_empty() && !level.any {
            self.valid = None;
        }
    }
}

/// The next level under `above` for a certificate with `policies`; `None` where nothing is valid any more.
fn descend(above: &Level, policies: &[Policy], any_allowed: bool) -> Option<Level> {
    let mut next = Level::default();
    let expected: BTreeSet<&Policy> = above.nodes.values().flatten().collect();
    let itself = |policy: &Policy| (policy.clone(), BTreeSet::from([policy.clone()]));
    for policy in policies.iter().filter(|p| *p != oid::ANY_POLICY) {
        if above.any || expected.contains(policy) {
            next.nodes.extend([itself(policy)]);
        }
    }
    if any_allowed && policies.iter().any(|p| p == oid::ANY_POLICY) {
        for policy in expected {
            if !next.nodes.contains_key(policy) {
                next.nodes.extend([itself(policy)]);
            }
        }
        next.any = above.any;
    }
    (next.any || !next.nodes.is_empty()).then_some(next)
}
