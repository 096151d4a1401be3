//! What the policy asks of a signature beyond its certificate (EN 319 102-1 §5.2.8): its signature policy, its level,
//! the order of its times.

use super::examined::Examined;
use super::integrity::Body;
use super::signature::claimed;
use super::time::{Stamp, order};
use super::trouble::Trouble;
use super::{Policy, PolicyDocument, PolicyRule, TimeDemand};
use crate::report::{
    Code, Condition, Level, PolicyReport, PolicyVerdict, Reason, Rule, RuleReport, SubIndication,
};

/// What came of the constraints.
#[derive(Default)]
pub(crate) struct Checked {
    /// What is not met.
    pub(crate) troubles: Vec<Trouble>,
    /// What is to be noted.
    pub(crate) notes: Vec<Reason>,
    /// How the signature stands to the signature policy that it names, where that is at hand.
    pub(crate) policy: Option<PolicyVerdict>,
}

pub(crate) fn check(examined: &[Examined<'_>], index: usize, level: Level, policy: &Policy) -> Checked {
    let mut checked = Checked::default();
    let Some(one) = examined.get(index) else { return checked };
    let Ok(Body::Cms(_)) = &one.body else { return checked };
    signature_policy(one, level, policy, &mut checked);
    let troubles = &mut checked.troubles;
    if let Some(least) = policy.least_level
        && level < least
    {
        let reason = Reason::new(Code::LevelTooLow).with("level", level.as_str());
        let reason = reason.with("least", least.as_str());
        troubles.push(Trouble::fixed(SubIndication::SigConstraintsFailure, reason));
    }
    if let (Some(longest), Some(claimed)) = (policy.longest_delay, claimed(one))
        && one.is_intact()
    {
        let proved = one.best_time.unwrap_or(policy.at);
        if proved.duration_since(claimed) > longest {
            let reason = Reason::new(Code::ProvedTooLate).with("claimed", claimed).with("time", proved);
            troubles.push(Trouble::fixed(SubIndication::SigConstraintsFailure, reason));
        }
    }
    troubles.extend(contradiction(examined, one));
    checked
}

/// Time-stamps whose order contradicts what each covers (EN 319 102-1 §5.5.4, §5.6.3).
fn contradiction(examined: &[Examined<'_>], one: &Examined<'_>) -> Option<Trouble> {
    let revision = one.revision()?;
    let content = one.content_stamps.iter().filter_map(Stamp::proven).max();
    let first = one.stamps.iter().filter_map(Stamp::proven).min();
    let last = one.stamps.iter().filter_map(Stamp::proven).max();
    let documents = examined
        .iter()
        .filter(|other| matches!(other.body, Ok(Body::Token(_))))
        .filter(|other| other.revision().is_some_and(|outer| outer >= revision))
        .filter_map(|other| other.stamps.first().and_then(Stamp::proven))
        .min();
    let pairs = [(first, content), (documents, last), (documents, content)];
    let (outer, inner) = pairs
        .into_iter()
        .filter_map(|(outer, inner)| outer.zip(inner))
        .find(|(outer, inner)| outer < inner)?;
    Some(Trouble::fixed(SubIndication::TimestampOrderFailure, order(outer, inner)))
}

/// Whether the signature policy that the signature names is the one at hand (EN 319 102-1 §5.2.4), and what of it the
/// signature meets.
fn signature_policy(one: &Examined<'_>, level: Level, policy: &Policy, checked: &mut Checked) {
    let Checked { troubles, notes, policy: verdict } = checked;
    let Ok(Body::Cms(cms)) = &one.body else { return };
    let named = match cms.signature_policy() {
        Ok(Some(named)) => named,
        Ok(None) => return,
        Err(error) => {
            let reason = Reason::new(Code::PolicyUnreadable).with("detail", error);
            return troubles.push(Trouble::fixed(SubIndication::PolicyProcessingError, reason));
        }
    };
    let reason = |code| Reason::new(code).with("policy", &named.oid);
    match policy.signature_policies.iter().find(|known| known.oid == named.oid) {
        Some(known) if named.digest_algorithm.digest(&known.bytes) == named.digest => {
            notes.push(reason(Code::PolicyMatches));
            let (rules, unmet) = demanded(one, level, known);
            troubles.extend(unmet);
            *verdict = Some(PolicyVerdict { rules, ..PolicyVerdict::default() });
        }
        Some(_) => {
            let sub = SubIndication::PolicyProcessingError;
            troubles.push(Trouble::fixed(sub, reason(Code::PolicyDiffers)));
        }
        None if policy.signature_policy == PolicyRule::Required => {
            let sub = SubIndication::SignaturePolicyNotAvailable;
            troubles.push(Trouble::fixed(sub, reason(Code::PolicyMissing)));
        }
        None => notes.push(reason(Code::PolicyMissing)),
    }
}

/// What the policy asks of the signature's form and time, and what of it is not met: what cannot be shown to be met is not.
fn demanded(one: &Examined<'_>, level: Level, known: &PolicyDocument) -> (Vec<RuleReport>, Vec<Trouble>) {
    let mut rules = Vec::new();
    let mut put = |rule, condition, reason| rules.push(RuleReport { rule, condition, reason });
    if let Some(least) = known.least_level {
        let (condition, code) = match level >= least {
            true => (Condition::Met, Code::PolicyLevelMet),
            false => (Condition::NotMet, Code::PolicyLevelTooLow),
        };
        let reason = Reason::new(code).with("level", level.as_str()).with("least", least.as_str());
        put(Rule::Level, condition, reason);
    }
    match (known.time, one.best_time) {
        (None, _) => {}
        (Some(TimeDemand::Claimed), _) => {
            put(Rule::Time, Condition::Met, Reason::new(Code::PolicyTimeClaimed));
        }
        (Some(TimeDemand::Trusted), Some(time)) => {
            put(Rule::Time, Condition::Met, Reason::new(Code::PolicyTimeMet).with("time", time));
        }
        (Some(TimeDemand::Trusted), None) if one.stamps.is_empty() => {
            put(Rule::Time, Condition::NotMet, Reason::new(Code::PolicyTimeMissing));
        }
        (Some(TimeDemand::Trusted), None) => {
            put(Rule::Time, Condition::NotShown, Reason::new(Code::PolicyTimeUntrusted));
        }
    }
    let unmet = rules.iter().filter(|it| it.condition != Condition::Met);
    let unmet = unmet.map(|it| Trouble::fixed(SubIndication::SigConstraintsFailure, it.reason.clone()));
    let unmet = unmet.collect();
    (rules, unmet)
}

/// The signature policy that a signature names, for the report.
pub(crate) fn policy_of(one: &Examined<'_>) -> Option<PolicyReport> {
    let Ok(Body::Cms(cms)) = &one.body else { return None };
    let named = cms.signature_policy().ok()??;
    Some(PolicyReport {
        oid: named.oid,
        digest_algorithm: named.digest_algorithm.name().to_owned(),
        digest: hex::encode(named.digest),
        uri: named.uri,
    })
}
