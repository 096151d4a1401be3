//! Certificate policies, RFC 5280 §6.1.2 to §6.1.5.
//!
//! Not the tree of the RFC, which can be made to grow without bound (RFC 9618), but its deepest level: which policies
//! are valid there, what the next certificate may call them, and which of the policies at the top (the
//! valid_policy_node_set) each comes from. That is all that the tree is asked in the end.
use std::collections::{BTreeMap, BTreeSet};

use super::PathError;
use crate::{Certificate, oid};

type Policy = Vec<u8>;

/// What the caller asks of policies (RFC 5280 §6.1.1 (c) to (g)). The default asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyInputs {
    /// user-initial-policy-set, dotted; `None` is any-policy.
    pub acceptable: Option<Vec<String>>,
    /// initial-explicit-policy: the path must be valid for at least one acceptable policy.
    pub require_explicit: bool,
    /// initial-policy-mapping-inhibit.
    pub inhibit_mapping: bool,
    /// initial-any-policy-inhibit.
    pub inhibit_any: bool,
}

pub(super) struct PolicyState<'a> {
    inputs: &'a PolicyInputs,
    /// Valid policies at this depth; `None` is the empty tree.
    valid: Option<Level>,
    explicit: u64,
    inhibit_any: u64,
    mapping: u64,
}

#[derive(Default)]
struct Level {
    nodes: BTreeMap<Policy, Node>,
    /// A node any-policy.
    any: bool,
}

#[derive(Clone, Default)]
struct Node {
    /// expected_policy_set
    expected: BTreeSet<Policy>,
    /// The policies under any-policy, at whatever depth, that this one descends from.
    roots: BTreeSet<Policy>,
}

impl<'a> PolicyState<'a> {
    /// For a path of `length` certificates under the anchor.
    pub(super) fn new(length: usize, inputs: &'a PolicyInputs) -> Self {
        let never = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(1);
        let from = |set: bool| if set { 0 } else { never };
        Self {
            inputs,
            valid: Some(Level { nodes: BTreeMap::new(), any: true }),
            explicit: from(inputs.require_explicit),
            inhibit_any: from(inputs.inhibit_any),
            mapping: from(inputs.inhibit_mapping),
        }
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
        if self.explicit == 0 && !self.is_acceptable() {
            return Err(PathError::Policy { subject: leaf.subject().to_string() });
        }
        Ok(())
    }

    /// The policies that are valid at this depth and have had their name since the top, dotted; never any-policy.
    pub(super) fn unmapped(&self) -> Vec<String> {
        let nodes = self.valid.iter().flat_map(|level| &level.nodes);
        nodes
            .filter(|(policy, node)| node.roots.contains(*policy))
            .map(|(policy, _)| oid::dotted(policy))
            .collect()
    }

    /// §6.1.5 (g): whether the intersection of the tree with the caller's set is not empty.
    fn is_acceptable(&self) -> bool {
        let Some(level) = &self.valid else { return false };
        let Some(acceptable) = &self.inputs.acceptable else { return true };
        let acceptable: BTreeSet<Policy> = acceptable.iter().filter_map(|p| oid::from_dotted(p)).collect();
        acceptable.contains(oid::ANY_POLICY)
            || level.any && !acceptable.is_empty()
            || level.nodes.values().any(|node| !node.roots.is_disjoint(&acceptable))
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
            } else if let Some(node) = level.nodes.get_mut(from) {
                node.expected = to;
            } else if level.any {
                let roots = BTreeSet::from([from.clone()]);
                level.nodes.insert(from.clone(), Node { expected: to, roots });
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
    // For each policy that is expected, where the nodes that expect it come from.
    let mut expected: BTreeMap<&Policy, BTreeSet<Policy>> = BTreeMap::new();
    for node in above.nodes.values() {
        for policy in &node.expected {
            expected.entry(policy).or_default().extend(node.roots.iter().cloned());
        }
    }
    let child = |policy: &Policy, roots| Node { expected: BTreeSet::from([policy.clone()]), roots };
    for policy in policies.iter().filter(|p| *p != oid::ANY_POLICY) {
        if let Some(roots) = expected.get(policy) {
            next.nodes.insert(policy.clone(), child(policy, roots.clone()));
        } else if above.any {
            next.nodes.insert(policy.clone(), child(policy, BTreeSet::from([policy.clone()])));
        }
    }
    if any_allowed && policies.iter().any(|p| p == oid::ANY_POLICY) {
        for (policy, roots) in expected {
            if !next.nodes.contains_key(policy) {
                next.nodes.insert(policy.clone(), child(policy, roots));
            }
        }
        next.any = above.any;
    }
    (next.any || !next.nodes.is_empty()).then_some(next)
}
