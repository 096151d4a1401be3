//! Organizations: how far one is verified and by which way, and who acts for it (agents, 经办人).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::recipient::words;
use crate::refusal::Refusal;
use crate::{AgentId, OrganizationId, PersonId, VerificationId};

/// How far one run of an organization's verification has come.
///
/// ```text
/// created ─► registry_checked ─► payment_requested ─► payment_sent ─► verified
///    │          │  ▲   │  │            │                 │  │  │
///    ▼          │  │   │  └────────────┼─────────────────┼──┼──┼──► verified (the signer leads it)
/// refused       │  └───┼───────────────┴── failed ───────┘  │  └──► locked, expired ─► registry_checked
///               │      ├─► leader_asked ─► verified, refused, expired, registry_checked
///               │      └─► letter_submitted ─► verified, refused, expired, registry_checked
///               └─► abandoned (another run took its place)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationState {
    /// On record; the registry was not heard yet.
    Created,
    /// The registry agreed: name, code and who leads it belong together, and it is in operation.
    RegistryChecked,
    /// A payment was ordered; whoever pays has not paid yet.
    PaymentRequested,
    /// The payment was sent, and its amount is awaited.
    PaymentSent,
    /// The legal representative was asked to authorize the agent.
    LeaderAsked,
    /// A letter of authorization waits for its review.
    LetterSubmitted,
    /// Someone was shown to act for it.
    Verified,
    /// Too many wrong amounts: nothing is taken for a while.
    Locked,
    /// The registry, the legal representative or a reviewer said no: the run is over.
    Refused,
    /// Nobody answered in time; another way can be taken.
    Expired,
    /// Given up for another run.
    Abandoned,
}

words!(OrganizationState {
    Created = "created",
    RegistryChecked = "registry_checked",
    PaymentRequested = "payment_requested",
    PaymentSent = "payment_sent",
    LeaderAsked = "leader_asked",
    LetterSubmitted = "letter_submitted",
    Verified = "verified",
    Locked = "locked",
    Refused = "refused",
    Expired = "expired",
    Abandoned = "abandoned"
});

impl OrganizationState {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Created,
        Self::RegistryChecked,
        Self::PaymentRequested,
        Self::PaymentSent,
        Self::LeaderAsked,
        Self::LetterSubmitted,
        Self::Verified,
        Self::Locked,
        Self::Refused,
        Self::Expired,
        Self::Abandoned,
    ];

    /// Whether a run may go from this state to `next`.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use OrganizationState as S;
        match self {
            S::Created => matches!(next, S::RegistryChecked | S::Refused | S::Abandoned),
            S::RegistryChecked => matches!(
                next,
                S::PaymentRequested
                    | S::PaymentSent
                    | S::LeaderAsked
                    | S::LetterSubmitted
                    | S::Verified
                    | S::Abandoned
            ),
            S::PaymentRequested => {
                matches!(next, S::PaymentSent | S::RegistryChecked | S::Expired | S::Abandoned)
            }
            S::PaymentSent => {
                matches!(next, S::Verified | S::Locked | S::Expired | S::RegistryChecked | S::Abandoned)
            }
            S::LeaderAsked | S::LetterSubmitted => {
                matches!(next, S::Verified | S::Refused | S::Expired | S::RegistryChecked | S::Abandoned)
            }
            S::Locked | S::Expired => matches!(next, S::RegistryChecked | S::Abandoned),
            S::Verified | S::Refused | S::Abandoned => false,
        }
    }

    /// The next state, where the run may go there.
    ///
    /// # Errors
    /// [`Refusal::OrganizationStep`] where it may not.
    pub fn to(self, next: Self) -> Result<Self, Refusal> {
        if self.may_become(next) { Ok(next) } else { Err(Refusal::OrganizationStep { state: self.as_str() }) }
    }

    /// Whether nothing comes after it.
    #[must_use]
    pub fn is_final(self) -> bool {
        Self::ALL.into_iter().all(|next| !self.may_become(next))
    }

    /// Whether a way can be chosen: the registry agreed, and none is under way.
    #[must_use]
    pub fn is_at_choice(self) -> bool {
        matches!(self, Self::RegistryChecked | Self::Locked | Self::Expired)
    }
}

/// The ways to show that someone acts for an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum OrganizationWay {
    /// The signer is the legal representative: four elements of the registry, and their face.
    LegalRepresentative,
    /// The legal representative authorizes the agent with a signature of their own.
    Authorization,
    /// The amount of a small payment to the organization's account (对公打款).
    Payment,
    /// A signed and sealed letter of authorization, which a person reviews.
    Letter,
}

words!(OrganizationWay {
    LegalRepresentative = "legal_representative",
    Authorization = "authorization",
    Payment = "payment",
    Letter = "letter"
});

impl OrganizationWay {
    /// All, the quickest first.
    pub const ALL: [Self; 4] = [Self::LegalRepresentative, Self::Authorization, Self::Payment, Self::Letter];
}

/// What an agent is to the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum AgentRole {
    /// Leads it: the registry has their name and number (法定代表人).
    LegalRepresentative,
    /// Acts for it (经办人).
    Agent,
}

words!(AgentRole { LegalRepresentative = "legal_representative", Agent = "agent" });

/// What an agent may do for the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum AgentScope {
    /// Put its seal on documents, with a key and certificate in its name.
    Seal,
    /// Administer it here: its directory, its other agents.
    Administer,
}

words!(AgentScope { Seal = "seal", Administer = "administer" });

impl AgentScope {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Seal, Self::Administer];
}

/// Why an agent's power ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum AgentEnd {
    /// A newer verification of the same person took its place.
    Renewed,
    /// The agent gave it up.
    Resigned,
    /// The organization took it away.
    Dismissed,
    /// The organization took it away, because it was misused.
    Misused,
    /// The registry names another legal representative.
    Replaced,
    /// What had shown it turned out wrong: the payment came back whose amount was told.
    Unproven,
    /// The registry says that the organization is no more (注销, 吊销, 撤销).
    Closed,
}

words!(AgentEnd {
    Renewed = "renewed",
    Resigned = "resigned",
    Dismissed = "dismissed",
    Misused = "misused",
    Replaced = "replaced",
    Unproven = "unproven",
    Closed = "closed"
});

impl AgentEnd {
    /// Whether the organization itself ended it: the same person then needs the legal representative to come back.
    #[must_use]
    pub fn is_taken_away(self) -> bool {
        matches!(self, Self::Dismissed | Self::Misused)
    }
}

/// That an agent's power ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: AgentEnd,
    /// By which agent of the organization; none for the system.
    pub by: Option<AgentId>,
}

/// That a person acts for an organization: who, as what, by which proof, for what, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The id.
    pub id: AgentId,
    /// For whom.
    pub organization_id: OrganizationId,
    /// Who.
    pub person_id: PersonId,
    /// As what.
    pub role: AgentRole,
    /// How it was shown.
    pub proof: OrganizationWay,
    /// The verification that showed it.
    pub verification_id: VerificationId,
    /// What for, sorted.
    pub scope: Vec<AgentScope>,
    /// Since when.
    pub since: Timestamp,
    /// From when it counts no more.
    pub until: Option<Timestamp>,
    /// That it ended before.
    pub revoked: Option<Revocation>,
}

impl Agent {
    /// Whether it holds at `now`. It begins with its record: whoever reads it is later, though the clock that they looked at
    /// before may say a little less.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.until.is_none_or(|until| now < until)
    }

    /// Whether the agent may do this at `now`.
    #[must_use]
    pub fn may(&self, scope: AgentScope, now: Timestamp) -> bool {
        self.holds(now) && self.scope.contains(&scope)
    }

    /// Whether `self` may end the power of `other`: their own, or another's of the same organization as its administrator.
    /// The legal representative's ends by their own hand or the registry's alone.
    #[must_use]
    pub fn may_revoke(&self, other: &Self, now: Timestamp) -> bool {
        let same = self.organization_id == other.organization_id && other.revoked.is_none();
        let own = self.person_id == other.person_id;
        same && self.holds(now)
            && (own
                || self.role == AgentRole::LegalRepresentative
                || (other.role == AgentRole::Agent && self.may(AgentScope::Administer, now)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use OrganizationState as S;

    /// The whole table, state by state: what is not in it is refused.
    #[test]
    fn a_run_goes_only_where_the_table_says() {
        let table: &[(S, &[S])] = &[
            (S::Created, &[S::RegistryChecked, S::Refused, S::Abandoned]),
            (
                S::RegistryChecked,
                &[
                    S::PaymentRequested,
                    S::PaymentSent,
                    S::LeaderAsked,
                    S::LetterSubmitted,
                    S::Verified,
                    S::Abandoned,
                ],
            ),
            (S::PaymentRequested, &[S::RegistryChecked, S::PaymentSent, S::Expired, S::Abandoned]),
            (S::PaymentSent, &[S::RegistryChecked, S::Verified, S::Locked, S::Expired, S::Abandoned]),
            (S::LeaderAsked, &[S::RegistryChecked, S::Verified, S::Refused, S::Expired, S::Abandoned]),
            (S::LetterSubmitted, &[S::RegistryChecked, S::Verified, S::Refused, S::Expired, S::Abandoned]),
            (S::Verified, &[]),
            (S::Locked, &[S::RegistryChecked, S::Abandoned]),
            (S::Refused, &[]),
            (S::Expired, &[S::RegistryChecked, S::Abandoned]),
            (S::Abandoned, &[]),
        ];
        assert_eq!(table.len(), S::ALL.len());
        for (from, allowed) in table {
            for next in S::ALL {
                let expected = if allowed.contains(&next) {
                    Ok(next)
                } else {
                    Err(Refusal::OrganizationStep { state: from.as_str() })
                };
                assert_eq!(from.to(next), expected, "{from:?} -> {next:?}");
            }
            assert_eq!(from.is_final(), allowed.is_empty(), "{from:?}");
            assert_eq!(S::parse(from.as_str()), Some(*from));
        }
    }

    proptest! {
        /// Whatever is tried in whatever order: nobody is verified whom the registry did not know, an end stays an end, and
        /// a run is verified once.
        #[test]
        fn no_way_leads_around_the_registry(tries in proptest::collection::vec(0..S::ALL.len(), 0..60)) {
            let (mut state, mut registry, mut verified) = (S::Created, false, 0);
            for next in tries.into_iter().map(|n| S::ALL[n]) {
                let before = state;
                match state.to(next) {
                    Ok(reached) => state = reached,
                    Err(_) => continue,
                }
                prop_assert!(!before.is_final());
                registry |= state == S::RegistryChecked;
                verified += u32::from(state == S::Verified);
                prop_assert!(registry || matches!(state, S::Refused | S::Abandoned));
                prop_assert!(verified <= 1);
                if state == S::Verified {
                    prop_assert!(!matches!(before, S::PaymentRequested | S::Locked | S::Expired), "{:?}", before);
                }
            }
        }
    }

    fn agent(n: u8, role: AgentRole, scope: &[AgentScope]) -> Agent {
        let id = |prefix| format!("{prefix}_019aae30c00070008000{n:012x}");
        Agent {
            id: id("agt").parse().expect("an id"),
            organization_id: "org_019aae30c00070008000000000000001".parse().expect("an id"),
            person_id: id("per").parse().expect("an id"),
            role,
            proof: OrganizationWay::Payment,
            verification_id: id("idv").parse().expect("an id"),
            scope: scope.to_vec(),
            since: "2026-11-23T04:00:00Z".parse().expect("a time"),
            until: Some("2027-11-23T04:00:00Z".parse().expect("a time")),
            revoked: None,
        }
    }

    #[test]
    fn power_has_a_scope_and_an_end() {
        let now = "2026-11-24T04:00:00Z".parse().expect("a time");
        let mut it = agent(1, AgentRole::Agent, &[AgentScope::Seal]);
        assert!(it.may(AgentScope::Seal, now));
        assert!(!it.may(AgentScope::Administer, now));
        assert!(!it.may(AgentScope::Seal, "2027-11-23T04:00:00Z".parse().expect("a time")));
        assert!(
            it.may(AgentScope::Seal, "2026-11-23T03:59:59Z".parse().expect("a time")),
            "the clock was read before"
        );
        it.revoked = Some(Revocation { at: now, reason: AgentEnd::Dismissed, by: None });
        assert!(!it.may(AgentScope::Seal, now));
    }

    #[test]
    fn agents_of_one_organization_watch_each_other_and_nobody_dismisses_its_leader() {
        let now = "2026-11-24T04:00:00Z".parse().expect("a time");
        let leader = agent(1, AgentRole::LegalRepresentative, &AgentScope::ALL);
        let one = agent(2, AgentRole::Agent, &AgentScope::ALL);
        let two = agent(3, AgentRole::Agent, &[AgentScope::Seal]);
        assert!(leader.may_revoke(&one, now) && one.may_revoke(&two, now));
        assert!(!two.may_revoke(&one, now), "sealing is not administering");
        assert!(!one.may_revoke(&leader, now), "the registry names the leader");
        assert!(two.may_revoke(&two, now), "anyone may resign");
        let stranger = Agent {
            organization_id: "org_019aae30c00070008000000000000002".parse().expect("an id"),
            ..one.clone()
        };
        assert!(!stranger.may_revoke(&two, now));
        let gone = Agent { until: Some(now), ..one };
        assert!(!gone.may_revoke(&two, now));
    }
}
