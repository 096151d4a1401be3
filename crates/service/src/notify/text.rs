//! The words of messages, in English and Simplified Chinese: short, exact, and honest about who asks for what.

use domain::Locale;
use domain::policy::Custody;
use jiff::tz::Offset;
use store::{Channel, Content};

use super::notice::{Contact, InvitationKind, KeyUse, Notice};
use super::{Outgoing, progress, subject};
use crate::view::Time;

/// A notice in words.
pub(crate) fn render(notice: &Notice) -> Outgoing {
    match notice {
        Notice::VerifyEmail { to, name, locale, link } => verify_email(to, name, *locale, link),
        Notice::AccountExists { to, locale, log_in, reset } => account_exists(to, *locale, log_in, reset),
        Notice::ResetPassword { to, name, locale, link } => reset_password(to, name, *locale, link),
        Notice::Invitation { to, .. } => match to {
            Contact::Mail(address) => invitation_mail(address, notice),
            Contact::Sms(number) => invitation_sms(number, notice),
        },
        Notice::Code { to, locale, code, minutes, .. } => code_sms(to, *locale, code, *minutes),
        Notice::MailCode { to, locale, code, minutes, title, .. } => {
            code_mail(to, *locale, code, *minutes, title)
        }
        Notice::KeyUsed { to, locale, title, custody, at, keys, ended, .. } => {
            key_used(to, *locale, title, (*custody, *ended), *at, keys.as_deref())
        }
        Notice::Completed { to, locale, title, link, signed } => {
            progress::completed(to, *locale, title, link.as_deref(), signed.as_deref())
        }
        Notice::Link { to, locale, news, name, at, link } => {
            subject::linked(to, *locale, *news, name, *at, link)
        }
        Notice::Lapse { to, locale, news, cause, name, serial, at, link } => {
            subject::lapse(to, *locale, *news, cause, (name, serial), *at, link)
        }
        Notice::Reviewed { to, locale, title, kind, result } => {
            progress::reviewed(to, *locale, title, *kind, *result)
        }
        Notice::ReviewedInAccount { to, locale, result, link } => {
            progress::reviewed_in_account(to, *locale, *result, link)
        }
        Notice::ReviewArrived { to, locale, kind, until, link } => {
            progress::review_arrived(to, *locale, *kind, *until, link)
        }
        Notice::CertificateReady { to, locale, title } => progress::certificate_ready(to, *locale, title),
        Notice::CertificateRefused { to, locale, title, why } => {
            progress::certificate_refused(to, *locale, title, *why)
        }
        Notice::Organization { to, locale, title, organization, news } => {
            progress::news_of(to, *locale, title, organization, *news)
        }
        Notice::Ended { to, locale, title, how, reason, link } => {
            progress::ended(to, *locale, title, how, reason.as_deref(), link.as_deref())
        }
    }
}

/// How a mail begins. Nobody is greeted by a name that somebody else may have written: there is none until the address is
/// proved.
fn greeting(name: &str, locale: Locale) -> String {
    match (locale, name) {
        (Locale::En, "") => "Hello".to_owned(),
        (Locale::En, name) => format!("Hello {name}"),
        (Locale::ZhCn, "") => "您好".to_owned(),
        (Locale::ZhCn, name) => format!("{name}，您好"),
    }
}

fn verify_email(to: &str, name: &str, locale: Locale, link: &str) -> Outgoing {
    let hello = greeting(name, locale);
    let (subject, label, body) = match locale {
        Locale::En => (
            "Confirm your e-mail address",
            "Confirm e-mail address",
            format!(
                "{hello},\n\nconfirm this address with the password you chose to begin using your Vermilion account:\n\n{link}\n\n\
                 The link works for 48 hours. If you did not sign up, ignore this mail: without the link, nobody can use the account."
            ),
        ),
        Locale::ZhCn => (
            "请确认您的邮箱地址",
            "确认邮箱地址",
            format!(
                "{hello}：\n\n请打开以下链接，输入您注册时设置的密码以确认邮箱地址，即可开始使用您的 Vermilion 账户：\n\n{link}\n\n\
                 链接 48 小时内有效。如果不是您本人注册，请忽略本邮件：没有此链接，任何人都无法使用该账户。"
            ),
        ),
    };
    mail(to, subject, body, vec![(label, link)])
}

fn account_exists(to: &str, locale: Locale, log_in: &str, reset: &str) -> Outgoing {
    let (subject, labels, body) = match locale {
        Locale::En => (
            "You already have an account",
            ["Log in", "Set a new password"],
            format!(
                "Someone, probably you, signed up with this address, which already has a Vermilion account. Nothing was changed.\n\n\
                 Log in: {log_in}\nSet a new password: {reset}"
            ),
        ),
        Locale::ZhCn => (
            "您已有账户",
            ["登录", "设置新密码"],
            format!(
                "有人（可能是您本人）用此邮箱注册，而此邮箱已有 Vermilion 账户。账户没有任何变化。\n\n登录：{log_in}\n设置新密码：{reset}"
            ),
        ),
    };
    mail(to, subject, body, vec![(labels[0], log_in), (labels[1], reset)])
}

fn reset_password(to: &str, name: &str, locale: Locale, link: &str) -> Outgoing {
    let hello = greeting(name, locale);
    let (subject, label, body) = match locale {
        Locale::En => (
            "Set a new password",
            "Set a new password",
            format!(
                "{hello},\n\nset a new password for your Vermilion account here:\n\n{link}\n\n\
                 The link works for one hour, once. If you did not ask for it, ignore this mail: your password stays as it is."
            ),
        ),
        Locale::ZhCn => (
            "设置新密码",
            "设置新密码",
            format!(
                "{hello}：\n\n请打开以下链接为您的 Vermilion 账户设置新密码：\n\n{link}\n\n\
                 链接一小时内有效，只能使用一次。如果不是您本人的请求，请忽略本邮件：您的密码不会改变。"
            ),
        ),
    };
    mail(to, subject, body, vec![(label, link)])
}

/// What somebody is asked for.
enum Request<'a> {
    /// Their own signature.
    Signature,
    /// Their own signature, in the name of a company.
    Agent(&'a str),
    /// The company's seal.
    Seal(&'a str),
}

fn request(notice: &Notice) -> Request<'_> {
    match notice {
        Notice::Invitation { organization: Some(of), as_agent: true, .. } => Request::Agent(of),
        Notice::Invitation { organization: Some(of), .. } => Request::Seal(of),
        _ => Request::Signature,
    }
}

fn invitation_mail(to: &str, notice: &Notice) -> Outgoing {
    let Notice::Invitation { name, locale, sender, title, message, link, expires_at, kind, .. } = notice
    else {
        unreachable!("render gives invitations alone");
    };
    let until = moment(*expires_at, *locale);
    let seals = matches!(request(notice), Request::Seal(_));
    let quoted = if message.is_empty() { String::new() } else { format!("\n\n{message}") };
    let (subject, label, body) = match locale {
        Locale::En => {
            let what = match request(notice) {
                Request::Seal(organization) => format!("asks {organization} to put its seal on"),
                Request::Agent(organization) => format!("asks you, as agent of {organization}, to sign"),
                Request::Signature => "asks you to sign".to_owned(),
            };
            (
                match kind {
                    InvitationKind::First => format!("{sender} {what} “{title}”"),
                    InvitationKind::Reminder => format!("Reminder: {sender} {what} “{title}”"),
                },
                if seals { "Read and seal" } else { "Read and sign" },
                format!(
                    "Hello {name},\n\n{sender} {what} “{title}”.{quoted}\n\nRead it and decide:\n\n{link}\n\n\
                     The link is yours alone: do not pass it on. It works until {until}. Earlier links no longer work."
                ),
            )
        }
        Locale::ZhCn => {
            let what = match request(notice) {
                Request::Seal(organization) => format!("请{organization}盖章"),
                Request::Agent(organization) => format!("请您以{organization}经办人身份签署"),
                Request::Signature => "请您签署".to_owned(),
            };
            (
                match kind {
                    InvitationKind::First => format!("{sender}{what}《{title}》"),
                    InvitationKind::Reminder => format!("提醒：{sender}{what}《{title}》"),
                },
                if seals { "阅读并盖章" } else { "阅读并签署" },
                format!(
                    "{name}，您好：\n\n{sender}{what}《{title}》。{quoted}\n\n请打开以下链接阅读并决定：\n\n{link}\n\n\
                     此链接仅供您本人使用，请勿转发。有效期至{until}。此前的链接已失效。"
                ),
            )
        }
    };
    mail(to, &subject, body, vec![(label, link)])
}

fn invitation_sms(to: &str, notice: &Notice) -> Outgoing {
    let Notice::Invitation { locale, sender, title, link, kind, .. } = notice else {
        unreachable!("render gives invitations alone");
    };
    let (label, body) = match locale {
        Locale::En => {
            let what = match request(notice) {
                Request::Seal(organization) => format!("asks {organization} to seal"),
                Request::Agent(organization) => format!("asks you, as agent of {organization}, to sign"),
                Request::Signature => "asks you to sign".to_owned(),
            };
            let reminder = if *kind == InvitationKind::Reminder { "Reminder: " } else { "" };
            ("Read and sign", format!("[Vermilion] {reminder}{sender} {what} “{title}”. Yours alone: {link}"))
        }
        Locale::ZhCn => {
            let what = match request(notice) {
                Request::Seal(organization) => format!("请{organization}盖章"),
                Request::Agent(organization) => format!("请您以{organization}经办人身份签署"),
                Request::Signature => "请您签署".to_owned(),
            };
            let reminder = if *kind == InvitationKind::Reminder { "提醒：" } else { "" };
            (
                "阅读并签署",
                format!("【Vermilion】{reminder}{sender}{what}《{title}》，链接仅供您本人使用：{link}"),
            )
        }
    };
    sms(to, body, vec![(label, link)], None)
}

fn code_mail(to: &str, locale: Locale, code: &str, minutes: u32, title: &str) -> Outgoing {
    let (subject, body) = match locale {
        Locale::En => (
            format!("Your code for “{title}”"),
            format!(
                "Your code for signing “{title}” is {code}, for {minutes} minutes.\n\n\
                 Type it on the page where you sign, and tell it to nobody. If you are not about to sign, do nothing: \
                 without the code, nothing is signed."
            ),
        ),
        Locale::ZhCn => (
            format!("《{title}》的签署验证码"),
            format!(
                "您签署《{title}》的验证码是 {code}，{minutes} 分钟内有效。\n\n\
                 请在签署页面输入，请勿告知他人。如果您并未在签署，无需理会：没有验证码就不会签署。"
            ),
        ),
    };
    Outgoing { channel: Channel::Mail, content: content(to, subject, body, Vec::new(), Some(code)) }
}

fn code_sms(to: &str, locale: Locale, code: &str, minutes: u32) -> Outgoing {
    let body = match locale {
        Locale::En => format!("[Vermilion] Your code is {code}, for {minutes} minutes. Tell it to nobody."),
        Locale::ZhCn => format!("【Vermilion】您的验证码是 {code}，{minutes} 分钟内有效。请勿告知他人。"),
    };
    sms(to, body, Vec::new(), Some(code))
}

fn key_used(
    to: &Contact,
    locale: Locale,
    title: &str,
    (custody, ended): (Custody, KeyUse),
    at: Time,
    keys: Option<&str>,
) -> Outgoing {
    let at = moment(at, locale);
    let page = keys.map(|link| format!("\n\n{link}")).unwrap_or_default();
    let (subject, label, body) = match locale {
        Locale::En => {
            let how = match custody {
                Custody::Pin => "your PIN",
                Custody::Passkey => "your passkey",
                Custody::Device => "your device",
                Custody::Pkcs11 => "a hardware module",
            };
            let (subject, happened) = match ended {
                KeyUse::Signed => (
                    format!("Your signing key signed “{title}”"),
                    format!("Your signing key signed “{title}” on {at}, opened by {how}."),
                ),
                KeyUse::Unfinished => (
                    format!("Your signing key was used for “{title}”, but the signing did not finish"),
                    format!(
                        "Your signing key was used for “{title}” on {at}, opened by {how}, but the signing did not finish: \
                         this use put no signature on the document. If it was you, confirm once more."
                    ),
                ),
            };
            (
                subject,
                "My keys and passkeys",
                format!(
                    "{happened}\n\n\
                     If that was not you, press “Give this key up” on the page “My keys and passkeys” at once, which revokes its certificate, and tell the sender. \
                     In another browser than the one in which you signed, open the link of your invitation first.{page}"
                ),
            )
        }
        Locale::ZhCn => {
            let how = match custody {
                Custody::Pin => "您的签署密码",
                Custody::Passkey => "您的通行密钥",
                Custody::Device => "您的设备",
                Custody::Pkcs11 => "硬件密码模块",
            };
            let (subject, happened) = match ended {
                KeyUse::Signed => (
                    format!("您的签名密钥签署了《{title}》"),
                    format!("您的签名密钥于{at}签署了《{title}》，由{how}开启。"),
                ),
                KeyUse::Unfinished => (
                    format!("您的签名密钥曾用于《{title}》，但签署未完成"),
                    format!(
                        "您的签名密钥于{at}用于《{title}》，由{how}开启，但签署未完成：本次使用未在文件上留下签名。如为您本人操作，请再次确认签署。"
                    ),
                ),
            };
            (
                subject,
                "我的密钥与通行密钥",
                format!(
                    "{happened}\n\n如非您本人操作，请立即在“我的密钥与通行密钥”页面选择“停用此密钥”（其证书随即吊销），并告知发起方。如换用其他浏览器，请先打开邀请中的链接。{page}"
                ),
            )
        }
    };
    reach(to, locale, &subject, body, keys.map(|link| (label, link)))
}

/// The zone matters: times are said in UTC, and in Chinese in China's.
pub(super) fn moment(at: Time, locale: Locale) -> String {
    match locale {
        Locale::En => Offset::UTC.to_datetime(at.0).strftime("%-d %B %Y, %H:%M UTC").to_string(),
        Locale::ZhCn => {
            Offset::constant(8).to_datetime(at.0).strftime("%Y年%-m月%-d日%H:%M（北京时间）").to_string()
        }
    }
}

/// A mail, or a text message where there is a phone alone.
pub(super) fn reach(
    to: &Contact,
    locale: Locale,
    subject: &str,
    body: String,
    link: Option<(&str, &str)>,
) -> Outgoing {
    let links = link.into_iter().collect();
    match to {
        Contact::Mail(address) => mail(address, subject, body, links),
        Contact::Sms(number) => {
            let body = match locale {
                Locale::En => format!("[Vermilion] {}", body.replace("\n\n", " ")),
                Locale::ZhCn => format!("【Vermilion】{}", body.replace("\n\n", "")),
            };
            sms(number, body, links, None)
        }
    }
}

pub(super) fn mail(to: &str, subject: &str, body: String, links: Vec<(&str, &str)>) -> Outgoing {
    let subject = subject.to_owned();
    Outgoing { channel: Channel::Mail, content: content(to, subject, body, links, None) }
}

fn sms(to: &str, body: String, links: Vec<(&str, &str)>, code: Option<&str>) -> Outgoing {
    Outgoing { channel: Channel::Sms, content: content(to, String::new(), body, links, code) }
}

fn content(to: &str, subject: String, body: String, links: Vec<(&str, &str)>, code: Option<&str>) -> Content {
    let links = links.into_iter().map(|(label, url)| (label.to_owned(), url.to_owned())).collect();
    Content { to: to.to_owned(), subject, body, links, code: code.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::notice::Ending;

    fn invitation(to: Contact, locale: Locale, organization: Option<&str>) -> Notice {
        Notice::Invitation {
            to,
            name: "陈小明".to_owned(),
            organization: organization.map(str::to_owned),
            as_agent: false,
            locale,
            sender: "Ada Lovelace".to_owned(),
            title: "Lease".to_owned(),
            message: "Please by Friday.".to_owned(),
            link: "https://s.example/sign/rcp_1#secret".to_owned(),
            expires_at: Time("2026-12-23T04:00:00Z".parse().unwrap()),
            kind: InvitationKind::First,
        }
    }

    #[test]
    fn an_invitation_says_who_asks_for_what_until_when() {
        let mail = render(&invitation(Contact::Mail("a@b.example".to_owned()), Locale::En, None));
        assert_eq!(mail.channel, Channel::Mail);
        assert_eq!(mail.content.subject, "Ada Lovelace asks you to sign “Lease”");
        assert!(
            mail.content.body.contains("Please by Friday.")
                && mail.content.body.contains("23 December 2026, 04:00 UTC")
        );
        assert_eq!(
            mail.content.links,
            [("Read and sign".to_owned(), "https://s.example/sign/rcp_1#secret".to_owned())]
        );
        let seal =
            render(&invitation(Contact::Mail("a@b.example".to_owned()), Locale::ZhCn, Some("朱砂科技")));
        assert_eq!(seal.content.subject, "Ada Lovelace请朱砂科技盖章《Lease》");
        assert!(seal.content.body.contains("2026年12月23日12:00（北京时间）"));
    }

    #[test]
    fn a_code_is_in_the_text_and_beside_it() {
        let sms = render(&Notice::Code {
            to: "+8613800135678".to_owned(),
            locale: Locale::ZhCn,
            code: "042137".to_owned(),
            minutes: 5,
            until: None,
        });
        assert_eq!(sms.channel, Channel::Sms);
        assert_eq!(sms.content.code.as_deref(), Some("042137"));
        assert!(sms.content.body.contains("042137") && sms.content.links.is_empty());
    }

    #[test]
    fn a_warning_names_the_page_that_mends_it() {
        for (locale, page, act) in [
            (Locale::En, "My keys and passkeys", "Give this key up"),
            (Locale::ZhCn, "我的密钥与通行密钥", "停用此密钥"),
        ] {
            let mail = render(&Notice::KeyUsed {
                to: Contact::Mail("a@b.example".to_owned()),
                locale,
                title: "Lease".to_owned(),
                custody: Custody::Pin,
                at: Time("2026-12-23T04:00:00Z".parse().unwrap()),
                keys: Some("https://s.example/keys/rcp_1".to_owned()),
                activation: None,
                ended: KeyUse::Signed,
            });
            assert!(mail.content.body.contains(page) && mail.content.body.contains(act));
            assert_eq!(mail.content.links, [(page.to_owned(), "https://s.example/keys/rcp_1".to_owned())]);
        }
    }

    #[test]
    fn a_signer_is_told_where_the_signed_document_is() {
        let told = |link: Option<&str>, signed: Option<&str>| {
            render(&Notice::Completed {
                to: Contact::Sms("+8613800135678".to_owned()),
                locale: Locale::En,
                title: "Lease".to_owned(),
                link: link.map(str::to_owned),
                signed: signed.map(str::to_owned),
            })
        };
        let signer = told(None, Some("https://s.example/sign/rcp_1"));
        assert!(signer.content.body.contains("https://s.example/sign/rcp_1"));
        assert_eq!(signer.content.links[0].0, "Open signed document");
        assert_eq!(told(Some("https://s.example/envelopes/env_1"), None).content.links[0].0, "Open envelope");
        assert!(told(None, None).content.links.is_empty());
    }

    #[test]
    fn an_ending_gives_its_reason() {
        let notice = Notice::Ended {
            to: Contact::Mail("a@b.example".to_owned()),
            locale: Locale::En,
            title: "Lease".to_owned(),
            how: Ending::Declined { by: "陈小明".to_owned() },
            reason: Some("Wrong rent.".to_owned()),
            link: None,
        };
        let mail = render(&notice);
        assert_eq!(mail.content.subject, "陈小明 declined to sign “Lease”");
        assert!(mail.content.body.contains("Reason: Wrong rent."));
    }
}
