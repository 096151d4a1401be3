//! The rules of a signing policy that the file alone shows nothing of: what the record of an activation shows of them.

use domain::policy::{Custody, SigningPolicy, WillCheck, WillWay};
use keys::{ActivationRecord, Control, RecordError};
use pades::{Code, Condition, PolicyVerdict, Reason, Rule, SignatureReport};

use super::Finding;

/// What a policy asks beyond level and time, none of it shown yet.
pub(crate) fn ask(verdict: &mut PolicyVerdict, policy: &SigningPolicy) {
    let not_shown = Condition::NotShown;
    match takes_any(policy) {
        true => verdict.put(Rule::Custody, Condition::Met, Reason::new(Code::PolicyCustodyAny)),
        false => verdict.put(Rule::Custody, not_shown, allowed(Code::PolicyCustodyNotShown, policy)),
    }
    verdict.put(Rule::Will, not_shown, asked(Code::PolicyWillNotShown, policy));
    let identity = Reason::new(Code::PolicyIdentity).with("assurance", policy.identity.assurance.as_str());
    verdict.put(Rule::Identity, not_shown, identity);
    if let Some(days) = policy.identity.max_age_days {
        let reason = Reason::new(Code::PolicyIdentityAge).with("days", days);
        verdict.put(Rule::IdentityAge, not_shown, reason);
    }
}

/// Works in what the record shows. Gives the reason where it shows that a rule is not met.
pub(super) fn work_in(signature: &mut SignatureReport, finding: &Finding<'_>) -> Option<Reason> {
    let verdict = signature.policy.as_mut()?;
    // The record's policy is the signature's: its judge saw to that, and what does not hold otherwise shows nothing here.
    let policy = policy_of(finding.record)?;
    let passkey = match &finding.held {
        Ok(Control::Passkey { certified, .. }) => Some(*certified),
        Ok(_) | Err(RecordError::PasskeyMissing | RecordError::Custody { .. }) => None,
        Err(_) => return None,
    };
    let by_passkey = policy.will == WillCheck::Key || policy.will.ways().contains(&WillWay::Passkey);
    if passkey.is_some() && by_passkey {
        verdict.put(Rule::Will, Condition::Met, asked(Code::PolicyWillMet, &policy));
    }
    if takes_any(&policy) {
        return None;
    }
    let (condition, reason) = if refuses(finding.record) {
        let reason = allowed(Code::PolicyCustodyRefused, &policy);
        (Condition::NotMet, reason.with("custody", plain(&finding.record.custody)))
    } else if let Err(error) = &finding.held {
        (Condition::NotMet, allowed(Code::PolicyCustodyContradicted, &policy).with("detail", error))
    } else if passkey == Some(true) && finding.condition == Condition::Met {
        (Condition::Met, allowed(Code::PolicyCustodyMet, &policy))
    } else {
        return None;
    };
    verdict.put(Rule::Custody, condition, reason.clone());
    (condition == Condition::NotMet).then_some(reason)
}

/// Whether the record says of the key what its own policy does not take.
pub(super) fn refuses(record: &ActivationRecord) -> bool {
    let custody = Custody::parse(&record.custody);
    policy_of(record).is_some_and(|policy| !custody.is_some_and(|it| policy.allows(it)))
}

fn policy_of(record: &ActivationRecord) -> Option<SigningPolicy> {
    SigningPolicy::from_canonical(record.policy.as_bytes())
}

fn takes_any(policy: &SigningPolicy) -> bool {
    Custody::ALL.iter().all(|it| policy.allows(*it))
}

fn allowed(code: Code, policy: &SigningPolicy) -> Reason {
    let words: Vec<&str> = policy.key.custody.iter().map(|it| it.as_str()).collect();
    Reason::new(code).with("allowed", words.join(", "))
}

fn asked(code: Code, policy: &SigningPolicy) -> Reason {
    let words: Vec<&str> = policy.will.ways().iter().map(|it| it.as_str()).collect();
    Reason::new(code).with("asked", if words.is_empty() { "key".to_owned() } else { words.join(", ") })
}

/// What a record says, as far as it can be one of its words.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).take(20).collect()
}
