//! Whose a policy is, and how an envelope names one.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::is_name;
use crate::{AccountId, CreditCode, Name, OrganizationId};

/// The organization in whose name a policy was written, as the registry had it then.
// The fields are declared in the order of their names, as RFC 8785 sorts them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// Unified social credit code: two organizations may have one name, and never one code.
    pub credit_code: CreditCode,
    /// Name.
    #[serde(deserialize_with = "name")]
    pub name: Name,
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.credit_code.as_str())
    }
}

/// A policy is read from anywhere: its author's name is one that could have been written here.
fn name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
    let text = String::deserialize(deserializer)?;
    let name = Name::parse(&text).map_err(serde::de::Error::custom)?;
    if name.as_str() == text { Ok(name) } else { Err(serde::de::Error::custom("not a name as it is kept")) }
}

/// Who writes a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publisher {
    /// An account, for itself.
    Account(AccountId),
    /// An organization, by someone who acts for it.
    Organization(OrganizationId, Author),
}

impl Publisher {
    /// What the policy says of it.
    pub(super) fn into_members(self) -> (String, Option<Author>) {
        match self {
            Self::Account(id) => (id.to_string(), None),
            Self::Organization(id, author) => (id.to_string(), Some(author)),
        }
    }
}

/// How an envelope names its policy until it is sent: by its name, and whose it is where it is an organization's. What is
/// built in, and what the sender wrote, is named by its name alone.
///
/// ```
/// use vermilion_domain::policy::PolicyRef;
/// let text = "org_0192f0c1a2b37c4d8e5f60718293a4b5/hr-contracts";
/// let named = PolicyRef::parse(text).expect("an organization's policy");
/// assert_eq!((named.name(), named.to_string().as_str()), ("hr-contracts", text));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PolicyRef {
    organization: Option<OrganizationId>,
    name: String,
}

impl PolicyRef {
    /// The policy of this name that is built in, the sender's own, or the organization's.
    #[must_use]
    pub fn new(organization: Option<OrganizationId>, name: &str) -> Self {
        Self { organization, name: name.to_owned() }
    }

    /// Reads what [`fmt::Display`] writes; none where it names no policy that there can be.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (organization, name) = match text.split_once('/') {
            Some((id, name)) => (Some(id.parse().ok()?), name),
            None => (None, text),
        };
        is_name(name).then(|| Self::new(organization, name))
    }

    /// Whose it is; none for what is built in and what the sender wrote.
    #[must_use]
    pub fn organization(&self) -> Option<OrganizationId> {
        self.organization
    }

    /// The policy's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for PolicyRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.organization {
            Some(id) => write!(f, "{id}/{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
