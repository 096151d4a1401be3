//! What is said about how far a contract has come.

use domain::Locale;
use domain::review::Kind;

use super::Outgoing;
use super::notice::{Contact, Ending, NoCertificate, OrganizationNews, ReviewResult};
use super::text::{mail, moment, reach};
use crate::view::Time;

pub(super) fn reviewed(
    to: &Contact,
    locale: Locale,
    title: &str,
    kind: Kind,
    result: ReviewResult,
) -> Outgoing {
    let (subject, what) = match (locale, kind, result) {
        (Locale::En, Kind::Identity, ReviewResult::Approved) => {
            ("Your ID document was approved", "Your ID document was approved. You can go on and sign")
        }
        (Locale::En, Kind::Identity, ReviewResult::Refused) => (
            "Your ID document was not approved",
            "Your ID document was not approved. The reason, and other ways, are shown with",
        ),
        (Locale::En, Kind::Identity, ReviewResult::Asked) => (
            "Another picture of your ID document is needed",
            "Another picture of your ID document is needed to sign",
        ),
        (Locale::En, Kind::Letter, ReviewResult::Approved) => (
            "Your letter of authorization was approved",
            "Your letter of authorization was approved. You can go on and seal",
        ),
        (Locale::En, Kind::Letter, ReviewResult::Refused) => (
            "Your letter of authorization was not approved",
            "Your letter of authorization was not approved. The reason, and other ways, are shown with",
        ),
        (Locale::En, Kind::Letter, ReviewResult::Asked) => {
            ("Another letter of authorization is needed", "Another letter of authorization is needed to seal")
        }
        (Locale::ZhCn, Kind::Identity, ReviewResult::Approved) => {
            ("您的证件已审核通过", "您的证件已审核通过，可以继续签署")
        }
        (Locale::ZhCn, Kind::Identity, ReviewResult::Refused) => {
            ("您的证件未通过审核", "您的证件未通过审核，原因和其他核验方式请查看")
        }
        (Locale::ZhCn, Kind::Identity, ReviewResult::Asked) => {
            ("请重新拍摄证件照片", "请重新拍摄证件照片，以便签署")
        }
        (Locale::ZhCn, Kind::Letter, ReviewResult::Approved) => {
            ("授权书已审核通过", "授权书已审核通过，可以继续盖章")
        }
        (Locale::ZhCn, Kind::Letter, ReviewResult::Refused) => {
            ("授权书未通过审核", "授权书未通过审核，原因和其他方式请查看")
        }
        (Locale::ZhCn, Kind::Letter, ReviewResult::Asked) => {
            ("请重新提交授权书", "请重新提交授权书，以便盖章")
        }
    };
    let body = match locale {
        Locale::En => format!(
            "{what} “{title}”.\n\nOpen the link of your invitation in the browser in which you sent the pictures: it knows you still."
        ),
        Locale::ZhCn => {
            format!("{what}《{title}》。\n\n请在提交照片时使用的浏览器中打开邀请中的链接，即可继续。")
        }
    };
    reach(to, locale, subject, body, None)
}

pub(super) fn reviewed_in_account(to: &str, locale: Locale, result: ReviewResult, link: &str) -> Outgoing {
    let (subject, what, label) = match (locale, result) {
        (Locale::En, ReviewResult::Approved) => (
            "Your ID document was approved",
            "Your ID document was approved: your identity is verified in your account.",
            "My identity",
        ),
        (Locale::En, ReviewResult::Refused) => (
            "Your ID document was not approved",
            "Your ID document was not approved. The reason, and other ways, are shown in your account.",
            "My identity",
        ),
        (Locale::En, ReviewResult::Asked) => (
            "Another picture of your ID document is needed",
            "Another picture of your ID document is needed. What, and why, is shown in your account.",
            "My identity",
        ),
        (Locale::ZhCn, ReviewResult::Approved) => {
            ("您的证件已审核通过", "您的证件已审核通过，账户已完成实名认证。", "我的身份")
        }
        (Locale::ZhCn, ReviewResult::Refused) => {
            ("您的证件未通过审核", "您的证件未通过审核，原因和其他核验方式请在账户中查看。", "我的身份")
        }
        (Locale::ZhCn, ReviewResult::Asked) => {
            ("请重新拍摄证件照片", "请重新拍摄证件照片，具体要求请在账户中查看。", "我的身份")
        }
    };
    mail(to, subject, format!("{what}\n\n{link}"), vec![(label, link)])
}

pub(super) fn review_arrived(to: &str, locale: Locale, kind: Kind, until: Time, link: &str) -> Outgoing {
    let until = moment(until, locale);
    let (subject, label, body) = match locale {
        Locale::En => {
            let what = match kind {
                Kind::Identity => "Pictures of an ID document wait",
                Kind::Letter => "A letter of authorization waits",
            };
            (
                "A check waits for a reviewer",
                "Open the check",
                format!("{what} for a reviewer, until {until}.\n\n{link}"),
            )
        }
        Locale::ZhCn => {
            let what = match kind {
                Kind::Identity => "有一份证件照片",
                Kind::Letter => "有一份授权书",
            };
            ("有新的人工审核待处理", "打开审核", format!("{what}等待人工审核，请在{until}前处理。\n\n{link}"))
        }
    };
    mail(to, subject, body, vec![(label, link)])
}

pub(super) fn certificate_ready(to: &Contact, locale: Locale, title: &str) -> Outgoing {
    let (subject, body) = match locale {
        Locale::En => (
            format!("Your certificate is there: sign “{title}”"),
            format!(
                "The authority has issued your certificate. Open the link of your invitation to sign “{title}”."
            ),
        ),
        Locale::ZhCn => (
            format!("您的证书已签发，请签署《{title}》"),
            format!("证书颁发机构已签发您的证书。请打开邀请中的链接，继续签署《{title}》。"),
        ),
    };
    reach(to, locale, &subject, body, None)
}

pub(super) fn certificate_refused(to: &Contact, locale: Locale, title: &str, why: NoCertificate) -> Outgoing {
    let subject = match locale {
        Locale::En => format!("You have no certificate yet: “{title}” waits for you"),
        Locale::ZhCn => format!("证书未能签发，《{title}》仍待签署"),
    };
    let body = match (locale, why) {
        (Locale::En, NoCertificate::Refused) => format!(
            "The authority did not certify the key that you made to sign “{title}”. Nothing was signed. Open the link of your invitation and make another key; if that fails too, ask the sender."
        ),
        (Locale::En, NoCertificate::RealName) => format!(
            "Your identity check does not count any more, so the key that you made to sign “{title}” gets no certificate. Nothing was signed. Open the link of your invitation, have your identity checked again, and make another key."
        ),
        (Locale::En, NoCertificate::Power) => format!(
            "You are no longer on record as acting for the organization, so the key that you made to sign “{title}” gets no certificate. Nothing was signed. If you still act for it, open the link of your invitation and have it checked again; otherwise tell the sender."
        ),
        (Locale::En, NoCertificate::OnHold) => format!(
            "A certificate of yours is suspended, so the key that you made to sign “{title}” gets none. Nothing was signed. End the suspension under “My certificates”, or ask whoever suspended it; then open the link of your invitation."
        ),
        (Locale::ZhCn, NoCertificate::Refused) => format!(
            "证书颁发机构没有为您签署《{title}》所创建的密钥签发证书，文件没有被签署。请打开邀请中的链接，重新创建密钥；如仍失败，请联系发送方。"
        ),
        (Locale::ZhCn, NoCertificate::RealName) => format!(
            "您的实名认证已失效，因此您签署《{title}》所创建的密钥不再签发证书，文件没有被签署。请打开邀请中的链接，重新完成实名认证并创建密钥。"
        ),
        (Locale::ZhCn, NoCertificate::Power) => format!(
            "您已不再登记为该企业的经办人，因此您签署《{title}》所创建的密钥不再签发证书，文件没有被签署。如您仍代表该企业，请打开邀请中的链接，重新完成企业认证；否则请告知发送方。"
        ),
        (Locale::ZhCn, NoCertificate::OnHold) => format!(
            "您的证书已被挂起，因此您签署《{title}》所创建的密钥不再签发证书，文件没有被签署。请在“我的证书”中解除挂起，或联系挂起该证书的管理员，然后打开邀请中的链接。"
        ),
    };
    reach(to, locale, &subject, body, None)
}

pub(super) fn completed(
    to: &Contact,
    locale: Locale,
    title: &str,
    link: Option<&str>,
    signed: Option<&str>,
) -> Outgoing {
    let (subject, label, body) = match locale {
        Locale::En => {
            let way = match (link, signed) {
                (Some(link), _) => {
                    format!("Download the signed document and its certification report:\n\n{link}")
                }
                (None, Some(signed)) => format!(
                    "Download the signed document in the browser in which you signed; in another, open the link of your invitation.\n\n{signed}"
                ),
                (None, None) => {
                    "Download the signed document through the link of your invitation.".to_owned()
                }
            };
            (
                format!("Everyone has signed “{title}”"),
                if link.is_some() { "Open envelope" } else { "Open signed document" },
                format!("Everyone has signed “{title}”.\n\n{way}"),
            )
        }
        Locale::ZhCn => {
            let way = match (link, signed) {
                (Some(link), _) => format!("下载已签署的文件和出证报告：\n\n{link}"),
                (None, Some(signed)) => {
                    format!(
                        "请在您签署时使用的浏览器中下载已签署的文件；如换用其他浏览器，请打开邀请中的链接。\n\n{signed}"
                    )
                }
                (None, None) => "您可以通过邀请中的链接下载已签署的文件。".to_owned(),
            };
            let label = if link.is_some() { "打开信封" } else { "打开已签署的文件" };
            (format!("《{title}》已全部签署完成"), label, format!("《{title}》各方均已签署。\n\n{way}"))
        }
    };
    reach(to, locale, &subject, body, link.or(signed).map(|link| (label, link)))
}

pub(super) fn news_of(
    to: &Contact,
    locale: Locale,
    title: &str,
    organization: &str,
    news: OrganizationNews,
) -> Outgoing {
    use OrganizationNews as N;
    let (what, then) = match locale {
        Locale::En => {
            let again = "Open the link of your invitation to choose how to go on.";
            match news {
                N::PaymentSent => (
                    format!("A small payment to {organization} is on its way"),
                    "Look for it on the account's statement, and tell its amount through the link of your invitation.",
                ),
                N::PaymentFailed => (format!("The payment to {organization} did not arrive"), again),
                N::PaymentExpired => (format!("The payment to {organization} is too old to confirm"), again),
                N::Authorized => (
                    format!("You may act for {organization}"),
                    "Its legal representative authorized you. Open the link of your invitation to go on.",
                ),
                N::AuthorizationRefused => {
                    (format!("You were not authorized to act for {organization}"), again)
                }
                N::AuthorizationExpired => {
                    (format!("The legal representative of {organization} did not answer in time"), again)
                }
            }
        }
        Locale::ZhCn => {
            let again = "请通过邀请中的链接选择其他方式继续。";
            match news {
                N::PaymentSent => (
                    format!("已向{organization}汇出一笔小额打款"),
                    "请查看对公账户流水，并通过邀请中的链接填写到账金额。",
                ),
                N::PaymentFailed => (format!("向{organization}的打款未能到账"), again),
                N::PaymentExpired => (format!("向{organization}的打款已过期"), again),
                N::Authorized => (
                    format!("您已获授权代表{organization}办理"),
                    "法定代表人已授权。请通过邀请中的链接继续。",
                ),
                N::AuthorizationRefused => (format!("您未获授权代表{organization}办理"), again),
                N::AuthorizationExpired => (format!("{organization}的法定代表人未在期限内答复"), again),
            }
        }
    };
    let body = match locale {
        Locale::En => format!("{what}, for “{title}”.\n\n{then}"),
        Locale::ZhCn => format!("{what}（《{title}》）。\n\n{then}"),
    };
    reach(to, locale, &what, body, None)
}

pub(super) fn ended(
    to: &Contact,
    locale: Locale,
    title: &str,
    how: &Ending,
    reason: Option<&str>,
    link: Option<&str>,
) -> Outgoing {
    let (what, label, reason) = match locale {
        Locale::En => (
            match how {
                Ending::Declined { by } => format!("{by} declined to sign “{title}”"),
                Ending::Voided { by } => format!("{by} withdrew “{title}”"),
                Ending::Expired => format!("The time to sign “{title}” has run out"),
            },
            "Open envelope",
            reason.map(|reason| format!("\n\nReason: {reason}")).unwrap_or_default(),
        ),
        Locale::ZhCn => (
            match how {
                Ending::Declined { by } => format!("{by}拒绝签署《{title}》"),
                Ending::Voided { by } => format!("{by}撤回了《{title}》"),
                Ending::Expired => format!("《{title}》的签署期限已过"),
            },
            "打开信封",
            reason.map(|reason| format!("\n\n理由：{reason}")).unwrap_or_default(),
        ),
    };
    let closing = match locale {
        Locale::En => "Nothing can be signed in this envelope any more.",
        Locale::ZhCn => "此信封已不能再签署。",
    };
    let place = link.map(|link| format!("\n\n{link}")).unwrap_or_default();
    let stop = if locale == Locale::En { "." } else { "。" };
    let body = format!("{what}{stop}{reason}\n\n{closing}{place}");
    reach(to, locale, &what, body, link.map(|link| (label, link)))
}
