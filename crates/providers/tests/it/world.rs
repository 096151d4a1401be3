//! People, companies, time, and a provider's context that does not wait long.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::sync::Arc;
use std::time::Duration;

use domain::{BankCard, Clock, CreditCode, IdDocument, IdKind, Name, Phone};
use testkit::stand_in::{KnownCompany, Play, Register};
use testkit::{FixedClock, SeededRng};
use vermilion_providers::{
    Context, Fault, Limits, OrganizationCheck, OrganizationMethod, PersonCheck, PersonMethod, Roots, Secret,
};

pub(crate) const NAME: &str = "陈晓雨";
pub(crate) const NUMBER: &str = "11010519860214102X";
pub(crate) const PHONE: &str = "13800000001";
pub(crate) const CARD: &str = "6222021001116245702";
pub(crate) const OTHER_NUMBER: &str = "310101199007265411";
pub(crate) const COMPANY: &str = "北京朱砂科技有限公司";
pub(crate) const CODE: &str = "91110105MA01CHEN75";

/// Longer than an answer may take.
pub(crate) const SILENCE: Play = Play::Silence(Duration::from_millis(900));

pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::default())
}

pub(crate) fn context(clock: &Arc<FixedClock>) -> Context {
    let clock: Arc<dyn Clock> = Arc::<FixedClock>::clone(clock);
    let limits = Limits {
        connect: Duration::from_secs(2),
        answer: Duration::from_millis(600),
        pause: Duration::from_millis(2),
        longest_pause: Duration::from_millis(20),
        bytes: 64 * 1024,
        ..Limits::default()
    };
    Context::with(clock, Arc::new(SeededRng::default()), Roots::Machine, limits)
}

pub(crate) fn fill(register: &Register) {
    register.add_person(NAME, NUMBER, PHONE, CARD);
    register.add_person("王建国", OTHER_NUMBER, "13800000002", "6228480402564890018");
    let company = |name: &str, credit_code: &str, state: &str| KnownCompany {
        name: name.to_owned(),
        credit_code: credit_code.to_owned(),
        legal_representative: NAME.to_owned(),
        legal_representative_id: NUMBER.to_owned(),
        state: state.to_owned(),
    };
    register.add_company(company(COMPANY, CODE, "存续"));
    register.add_company(company("杭州旧梦文化传播有限公司", "91330106MA2GNE0094", "注销"));
}

pub(crate) fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub(crate) fn document(clock: &FixedClock, number: &str) -> IdDocument {
    IdDocument::parse(IdKind::ResidentId, number, clock.now()).unwrap()
}

/// A check of the person whom everyone knows.
pub(crate) fn check(clock: &FixedClock, order: &str, method: PersonMethod) -> PersonCheck {
    PersonCheck {
        phone: Some(Phone::parse(PHONE).unwrap()),
        bank_card: Some(BankCard::parse(CARD).unwrap()),
        return_url: Some("https://sign.example.com/back?tx=1&a=ä".to_owned()),
        notice_url: Some("https://sign.example.com/notice".to_owned()),
        device: Some(r#"{"zimVer":"3.0.0","appVersion": "1"}"#.to_owned()),
        ..PersonCheck::new(order, method, name(NAME), document(clock, NUMBER))
    }
}

pub(crate) fn company(clock: &FixedClock, order: &str, method: OrganizationMethod) -> OrganizationCheck {
    OrganizationCheck {
        method,
        legal_representative_id: Some(document(clock, NUMBER)),
        ..OrganizationCheck::three(order, name(COMPANY), CreditCode::parse(CODE).unwrap(), name(NAME))
    }
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// What must stand in no error and no debug output.
pub(crate) fn tells_nothing(text: &str) {
    for personal in [NAME, NUMBER, PHONE, CARD, "陈"] {
        assert!(!text.contains(personal), "{text}");
    }
}

pub(crate) fn fault<T: std::fmt::Debug>(outcome: Result<T, vermilion_providers::ProviderError>) -> Fault {
    let error = outcome.expect_err("no answer");
    tells_nothing(&format!("{error} {error:?}"));
    error.fault
}
