//! Sign-up, log-in, passwords.

use jiff::SignedDuration;
use vermilion_service::account::{
    ask_password_reset, authenticate, log_in, log_out, resend, set_password, show, sign_up, update, verify,
};
use vermilion_service::{Locale, RateLimits};

use crate::support::{Bench, PASSWORD, code};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn an_account_is_usable_once_its_address_is_verified() {
    let bench = Bench::new().await;
    let service = &bench.service;
    sign_up(service, " Ada@Example.com ", PASSWORD, "Ada", Locale::ZhCn).await.unwrap();
    assert_eq!(code(log_in(service, ADA, PASSWORD).await), "email_unverified");
    assert_eq!(code(log_in(service, ADA, "another password").await), "credentials_wrong");
    let token = bench.token(ADA).await;
    let logged_in = verify(service, &token, PASSWORD).await.unwrap();
    assert_eq!((logged_in.account.email.as_str(), logged_in.account.locale), (ADA, Locale::ZhCn));
    let actor = authenticate(service, &logged_in.token).await.unwrap();
    assert_eq!(show(service, &actor).await.unwrap(), logged_in.account);
    assert_eq!(code(verify(service, &token, PASSWORD).await), "token_invalid", "a link is good once");
    log_in(service, ADA, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn bad_input_is_refused_with_its_reason() {
    let bench = Bench::new().await;
    let service = &bench.service;
    assert_eq!(code(sign_up(service, "ada", PASSWORD, "Ada", Locale::En).await), "email_invalid");
    assert_eq!(code(sign_up(service, ADA, "short", "Ada", Locale::En).await), "password_weak");
    assert_eq!(code(sign_up(service, ADA, PASSWORD, " ", Locale::En).await), "name_required");
    assert_eq!(code(verify(service, "no such token", PASSWORD).await), "token_invalid");
    assert_eq!(code(authenticate(service, "no such cookie").await), "unauthenticated");
}

#[tokio::test]
async fn no_answer_tells_whether_an_address_has_an_account() {
    let bench = Bench::new().await;
    let service = &bench.service;
    bench.sender(ADA).await;
    sign_up(service, ADA, "another password", "Eve", Locale::En).await.unwrap();
    assert_eq!(bench.messages(ADA).await[0].subject, "You already have an account");
    log_in(service, ADA, PASSWORD).await.unwrap();
    assert_eq!(code(log_in(service, ADA, "another password").await), "credentials_wrong");
    assert_eq!(code(log_in(service, "eve@example.com", PASSWORD).await), "credentials_wrong");
    assert_eq!(code(log_in(service, "no address", PASSWORD).await), "credentials_wrong");
    resend(service, "eve@example.com").await.unwrap();
    ask_password_reset(service, "eve@example.com").await.unwrap();
    assert!(bench.messages("eve@example.com").await.is_empty());
}

#[tokio::test]
async fn whoever_proves_the_address_says_by_the_password_which_sign_up_was_theirs() {
    const EVES: &str = "eves password here";
    for eve_comes_last in [true, false] {
        let bench = Bench::new().await;
        let service = &bench.service;
        let mut people = [(PASSWORD, "Ada"), (EVES, "Eve")];
        if !eve_comes_last {
            people.reverse();
        }
        sign_up(service, ADA, people[0].0, people[0].1, Locale::ZhCn).await.unwrap();
        let first = bench.token(ADA).await;
        sign_up(service, ADA, people[1].0, people[1].1, Locale::ZhCn).await.unwrap();
        let second = bench.token(ADA).await;
        assert_eq!(
            code(verify(service, &first, PASSWORD).await),
            "token_invalid",
            "a newer link ends an older one"
        );
        assert_eq!(code(verify(service, &second, "a third password").await), "sign_up_password_wrong");
        assert_eq!(verify(service, &second, PASSWORD).await.unwrap().account.name, "Ada");
        assert_eq!(code(log_in(service, ADA, EVES).await), "credentials_wrong");
        log_in(service, ADA, PASSWORD).await.unwrap();
        assert_eq!(code(verify(service, &second, EVES).await), "token_invalid", "a link is good once");
    }
}

#[tokio::test]
async fn a_new_password_ends_the_sign_ups_that_waited() {
    let bench = Bench::new().await;
    let service = &bench.service;
    sign_up(service, ADA, "eves password here", "Eve", Locale::En).await.unwrap();
    let link = bench.token(ADA).await;
    ask_password_reset(service, ADA).await.unwrap();
    set_password(service, &bench.token(ADA).await, PASSWORD).await.unwrap();
    assert_eq!(code(verify(service, &link, "eves password here").await), "sign_up_password_wrong");
    assert_eq!(code(log_in(service, ADA, "eves password here").await), "credentials_wrong");
}

#[tokio::test]
async fn the_name_of_a_sign_up_is_nobodys_until_the_address_is_proved() {
    let bench = Bench::new().await;
    let service = &bench.service;
    for locale in [Locale::En, Locale::ZhCn] {
        sign_up(service, ADA, "eves password here", "Open eve.example now", locale).await.unwrap();
    }
    ask_password_reset(service, ADA).await.unwrap();
    let mails = bench.messages(ADA).await;
    assert_eq!(mails.len(), 3);
    for mail in mails {
        assert!(!mail.body.contains("eve.example"), "{}", mail.body);
    }
    let token = bench.token(ADA).await;
    let owner = set_password(service, &token, PASSWORD).await.unwrap();
    assert_eq!(owner.account.name, "ada", "as the address says");
}

#[tokio::test]
async fn sign_ups_without_end_cost_no_more_than_a_few() {
    let bench = Bench::new().await;
    let service = &bench.service;
    for number in 0..7 {
        sign_up(service, ADA, &format!("password number {number}"), "Eve", Locale::En).await.unwrap();
    }
    let link = bench.token(ADA).await;
    // Who came first is not pushed out.
    assert_eq!(code(verify(service, &link, "password number 5").await), "sign_up_password_wrong");
    bench.clock.advance(SignedDuration::from_hours(49));
    sign_up(service, ADA, "password number 7", "Ada", Locale::En).await.unwrap();
    let link = bench.token(ADA).await;
    assert_eq!(
        code(verify(service, &link, "password number 0").await),
        "sign_up_password_wrong",
        "it was old"
    );
    let proved = verify(service, &link, "password number 7").await.unwrap();
    assert_eq!(proved.account.name, "Ada");
}

#[tokio::test]
async fn whoever_signed_up_first_is_pushed_out_by_nobody() {
    let bench = Bench::new().await;
    let service = &bench.service;
    sign_up(service, ADA, PASSWORD, "Ada", Locale::En).await.unwrap();
    for number in 0..6 {
        sign_up(service, ADA, &format!("password number {number}"), "Eve", Locale::En).await.unwrap();
    }
    let link = bench.token(ADA).await;
    assert_eq!(verify(service, &link, PASSWORD).await.unwrap().account.name, "Ada");
}

#[tokio::test]
async fn a_new_password_ends_every_session() {
    let bench = Bench::new().await;
    let service = &bench.service;
    bench.sender(ADA).await;
    let old = log_in(service, ADA, PASSWORD).await.unwrap();
    ask_password_reset(service, ADA).await.unwrap();
    let token = bench.token(ADA).await;
    assert_eq!(code(set_password(service, &token, "weak").await), "password_weak");
    let new = set_password(service, &token, "a whole new password").await.unwrap();
    assert_eq!(code(authenticate(service, &old.token).await), "unauthenticated");
    authenticate(service, &new.token).await.unwrap();
    assert_eq!(code(log_in(service, ADA, PASSWORD).await), "credentials_wrong");
    assert_eq!(code(set_password(service, &token, PASSWORD).await), "token_invalid");
}

#[tokio::test]
async fn links_expire() {
    let bench = Bench::new().await;
    let service = &bench.service;
    sign_up(service, ADA, PASSWORD, "Ada", Locale::En).await.unwrap();
    let token = bench.token(ADA).await;
    bench.clock.advance(SignedDuration::from_hours(49));
    assert_eq!(code(verify(service, &token, PASSWORD).await), "token_expired");
    resend(service, ADA).await.unwrap();
    verify(service, &bench.token(ADA).await, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_session_ends_by_log_out_idleness_and_age() {
    let bench = Bench::new().await;
    let service = &bench.service;
    bench.sender(ADA).await;
    let session = log_in(service, ADA, PASSWORD).await.unwrap();
    log_out(service, &session.token).await.unwrap();
    assert_eq!(code(authenticate(service, &session.token).await), "unauthenticated");

    let idle = log_in(service, ADA, PASSWORD).await.unwrap();
    let used = log_in(service, ADA, PASSWORD).await.unwrap();
    for _ in 0..4 {
        bench.clock.advance(SignedDuration::from_hours(24 * 6));
        authenticate(service, &used.token).await.unwrap();
    }
    assert_eq!(code(authenticate(service, &idle.token).await), "unauthenticated");
    bench.clock.advance(SignedDuration::from_hours(24 * 6));
    assert_eq!(code(authenticate(service, &used.token).await), "unauthenticated", "30 days at most");
}

#[tokio::test]
async fn guessing_locks_for_a_while_even_over_a_restart() {
    let bench = Bench::new().await;
    let service = &bench.service;
    bench.sender(ADA).await;
    for _ in 0..20 {
        assert_eq!(code(log_in(service, ADA, "guess guess guess").await), "credentials_wrong");
    }
    assert_eq!(code(log_in(service, ADA, PASSWORD).await), "rate_limited");
    let restarted = bench.restarted().await;
    assert_eq!(code(log_in(&restarted, ADA, PASSWORD).await), "rate_limited");
    bench.clock.advance(SignedDuration::from_mins(16));
    log_in(service, ADA, PASSWORD).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_the_same_time_all_count() {
    let bench = Bench::new().await;
    bench.sender(ADA).await;
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..25 {
        let service = bench.service.clone();
        guesses.spawn(async move { code(log_in(&service, ADA, "guess guess guess").await) });
    }
    let answers = guesses.join_all().await;
    assert!(answers.iter().filter(|code| **code == "credentials_wrong").count() >= 20, "{answers:?}");
    assert_eq!(code(log_in(&bench.service, ADA, PASSWORD).await), "rate_limited");
}

#[tokio::test]
async fn mails_that_anyone_can_cause_are_limited() {
    let bench = Bench::with(|mut config| {
        config.rate_limits = RateLimits::On;
        config
    })
    .await;
    for _ in 0..5 {
        ask_password_reset(&bench.service, ADA).await.unwrap();
    }
    assert_eq!(code(ask_password_reset(&bench.service, ADA).await), "rate_limited");
    ask_password_reset(&bench.service, "bob@example.com").await.unwrap();
}

#[tokio::test]
async fn an_account_changes_its_name_and_language() {
    let bench = Bench::new().await;
    let actor = bench.sender(ADA).await;
    let changed = update(&bench.service, &actor, Some("  Ada   King "), Some(Locale::ZhCn)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.locale), ("Ada King", Locale::ZhCn));
    assert_eq!(code(update(&bench.service, &actor, Some(""), None).await), "name_required");
}
