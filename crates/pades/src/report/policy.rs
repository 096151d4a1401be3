//! How a signature stands to the signing policy that it binds, rule by rule.

use serde::{Deserialize, Serialize};

use super::{Condition, Reason};

/// How a signature stands to the signing policy that it binds. There is one only where the policy is at hand, to the digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVerdict {
    /// Where the policy is known from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PolicySource>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Who wrote it, as it says itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Its rules.
    pub rules: Vec<RuleReport>,
}

impl PolicyVerdict {
    /// Sets how a rule stands.
    pub fn put(&mut self, rule: Rule, condition: Condition, reason: Reason) {
        let new = RuleReport { rule, condition, reason };
        match self.rules.iter_mut().find(|it| it.rule == rule) {
            Some(old) => *old = new,
            None => self.rules.push(new),
        }
    }
}

/// Where a signing policy is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicySource {
    /// It is one of those that the program has, to the byte.
    BuiltIn,
    /// It was written on the server that judges.
    Written,
    /// It came with the proof: what it is called is its author's word.
    Brought,
}

/// A rule of a signing policy, and how the signature stands to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleReport {
    /// Which rule.
    pub rule: Rule,
    /// How it stands.
    pub condition: Condition,
    /// Why, and what it asks.
    pub reason: Reason,
}

/// What a signing policy says something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The least level.
    Level,
    /// Which time counts.
    Time,
    /// Where the key may be, and what opens it.
    Custody,
    /// How the will is asked for.
    Will,
    /// How sure the signer's identity must be.
    Identity,
    /// How old the check of it may be.
    IdentityAge,
}
