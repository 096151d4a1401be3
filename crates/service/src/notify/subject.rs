//! Messages to the subject of certificates: whose account it is, and what becomes of certificates whose real name lapses.

use domain::Locale;

use super::Outgoing;
use super::notice::{Contact, LapseNews, LinkNews};
use super::text::{mail, moment, reach};
use crate::view::Time;

pub(super) fn linked(to: &str, locale: Locale, news: LinkNews, name: &str, at: Time, link: &str) -> Outgoing {
    let at = moment(at, locale);
    let (subject, label, body) = match locale {
        Locale::En => {
            let (subject, what) = match news {
                LinkNews::Linked => (
                    "Your account is linked to a verified person",
                    format!(
                        "On {at} this account was linked to {name}, whose identity was verified. It now shows that person's certificates and keys."
                    ),
                ),
                LinkNews::OtherLinked => (
                    "Another account was linked to you",
                    format!(
                        "On {at} another account was linked to {name}, after a check of that person's identity. If that was not you, tell whoever runs this server."
                    ),
                ),
                LinkNews::Unlinked => (
                    "Your account is no longer linked to a person",
                    format!(
                        "On {at} the link of this account to {name} was ended. Certificates stay as they are, and are no longer shown here."
                    ),
                ),
                LinkNews::PasswordReset => (
                    "Verify your identity again",
                    format!(
                        "On {at} a new password was set through a link in a mail. Whoever reads the mail need not be {name}: the account is no longer linked to that person until the identity is verified in it again."
                    ),
                ),
                LinkNews::Erasure => (
                    "Your identity is being erased",
                    format!(
                        "On {at} {name} asked to be erased. Certificates were revoked, and the account is linked to nobody. What the law has kept is erased when its time is over."
                    ),
                ),
            };
            (subject, "My identity", format!("{what}\n\n{link}"))
        }
        Locale::ZhCn => {
            let (subject, what) = match news {
                LinkNews::Linked => (
                    "您的账户已关联实名身份",
                    format!("您的账户于{at}关联到已通过实名认证的{name}，现可查看其证书和密钥。"),
                ),
                LinkNews::OtherLinked => (
                    "另一账户已关联到您",
                    format!("另一账户于{at}经实名认证关联到{name}。如非您本人操作，请立即联系服务器管理方。"),
                ),
                LinkNews::Unlinked => (
                    "您的账户已解除实名关联",
                    format!("您的账户于{at}解除与{name}的关联。证书保持不变，但不再在此显示。"),
                ),
                LinkNews::PasswordReset => (
                    "请重新实名认证",
                    format!(
                        "您的账户于{at}通过邮件链接设置了新密码。能收到邮件的人不一定是{name}本人，因此账户已解除关联，重新实名认证后方可恢复。"
                    ),
                ),
                LinkNews::Erasure => (
                    "您的身份信息正在删除",
                    format!(
                        "{name}于{at}申请删除身份信息。证书已吊销，账户不再关联任何人。依法须保存的记录将在期满后删除。"
                    ),
                ),
            };
            (subject, "我的身份", format!("{what}\n\n{link}"))
        }
    };
    mail(to, subject, body, vec![(label, link)])
}

pub(super) fn lapse(
    to: &Contact,
    locale: Locale,
    news: LapseNews,
    cause: &str,
    (name, serial): (&str, &str),
    at: Time,
    link: &str,
) -> Outgoing {
    let at = moment(at, locale);
    let why = why(cause, locale);
    let (subject, label, body) = match locale {
        Locale::En => {
            let (subject, what) = match news {
                LapseNews::Ahead => (
                    format!("Verify again: your certificate will be suspended on {at}"),
                    format!(
                        "{why} on {at}. From then on the certificate of {name} (serial number {serial}) is suspended, and 30 days later revoked. Verify again before that."
                    ),
                ),
                LapseNews::Held => (
                    "Your certificate is suspended".to_owned(),
                    format!(
                        "{why}: the certificate of {name} (serial number {serial}) is suspended. Verify again by {at} to have it back; after that it is revoked for good."
                    ),
                ),
                LapseNews::Revoked => (
                    "Your certificate is revoked".to_owned(),
                    format!(
                        "{why}: the certificate of {name} (serial number {serial}) was revoked. What was signed before stays signed."
                    ),
                ),
                LapseNews::Released => (
                    "Your certificate holds again".to_owned(),
                    format!(
                        "The identity was verified again: the certificate of {name} (serial number {serial}) is no longer suspended."
                    ),
                ),
            };
            (subject, "My identity", format!("{what}\n\n{link}"))
        }
        Locale::ZhCn => {
            let (subject, what) = match news {
                LapseNews::Ahead => (
                    format!("请重新认证：您的证书将于{at}挂起"),
                    format!(
                        "{why}（{at}）。届时{name}的证书（序列号 {serial}）将挂起使用，30 天后吊销。请在此之前重新认证。"
                    ),
                ),
                LapseNews::Held => (
                    "您的证书已挂起".to_owned(),
                    format!(
                        "{why}，{name}的证书（序列号 {serial}）已挂起。请在{at}前重新认证以恢复使用，逾期将永久吊销。"
                    ),
                ),
                LapseNews::Revoked => (
                    "您的证书已吊销".to_owned(),
                    format!("{why}，{name}的证书（序列号 {serial}）已吊销。此前的签署不受影响。"),
                ),
                LapseNews::Released => (
                    "您的证书已恢复".to_owned(),
                    format!("已重新认证，{name}的证书（序列号 {serial}）恢复有效。"),
                ),
            };
            (subject, "我的身份", format!("{what}\n\n{link}"))
        }
    };
    reach(to, locale, &subject, body, Some((label, link)))
}

fn why(cause: &str, locale: Locale) -> &'static str {
    match (cause, locale) {
        ("identity_expired", Locale::En) => "The identity verification expires",
        ("identity_expired", Locale::ZhCn) => "实名认证到期",
        ("agent_expired", Locale::En) => "The verification as agent of the organization expires",
        ("agent_expired", Locale::ZhCn) => "经办人认证到期",
        ("consent_withdrawn", Locale::En) => "The consent to process ID data was withdrawn",
        ("consent_withdrawn", Locale::ZhCn) => "已撤回身份信息处理的同意",
        ("erasure", Locale::En) => "It was asked that the identity be erased",
        ("erasure", Locale::ZhCn) => "已申请删除身份信息",
        ("agent_ended", Locale::En) => "The power to act for the organization ended",
        ("agent_ended", Locale::ZhCn) => "经办授权已终止",
        (_, Locale::En) => "The organization is no longer on record",
        (_, Locale::ZhCn) => "该企业已不再存续",
    }
}
