//! Reasons: stable codes with parameters, and their words in English and Simplified Chinese.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English
    En,
    /// Simplified Chinese
    Zh,
}

/// Why something is as it is: a stable code, its parameters, and the words for people.
///
/// Serialises as `{"code", "params", "text"}` with the English text; readers translate by code and params.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The stable code.
    pub code: Code,
    /// The parameters by name.
    pub params: BTreeMap<String, String>,
}

impl Reason {
    /// A reason without parameters.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// The words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let mut text = self.code.template(lang).to_owned();
        for (name, value) in &self.params {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Reason", 3)?;
        out.serialize_field("code", self.code.as_str())?;
        out.serialize_field("params", &self.params)?;
        out.serialize_field("text", &self.text(Lang::En))?;
        out.end()
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            code: String,
            #[serde(default)]
            params: BTreeMap<String, String>,
        }
        let raw = Raw::deserialize(deserializer)?;
        let code =
            Code::parse(&raw.code).ok_or_else(|| D::Error::custom(format!("unknown code {}", raw.code)))?;
        Ok(Self { code, params: raw.params })
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $en:literal, $zh:literal;)*) => {
        /// The stable codes of reasons. Codes are added, never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $en] $name,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as written in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The code of that spelling.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            fn template(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$name, Lang::En) => $en, (Self::$name, Lang::Zh) => $zh,)* }
            }
        }
    };
}

codes! {
    NoSignature, "no_signature", "The document carries no signature.", "文件中没有签名。";
    Unreadable, "unreadable", "The document cannot be read: {detail}.", "无法读取文件：{detail}。";
    TooManySignatures, "too_many_signatures", "The document carries more than {limit} signatures; the rest were not examined.", "文件中的签名超过 {limit} 个，其余未检查。";

    // format
    ByteRangeMissing, "byte_range_missing", "The signature does not say which bytes it covers (no valid ByteRange).", "签名没有说明它覆盖哪些字节（缺少有效的 ByteRange）。";
    ByteRangeShape, "byte_range_shape", "The covered bytes must be two ranges around the signature, starting at the beginning of the file; they are {ranges}.", "签名应覆盖从文件开头起、围绕签名值的两段字节；实际为 {ranges}。";
    ByteRangeBeyondFile, "byte_range_beyond_file", "The signature claims to cover bytes beyond the end of the file.", "签名声称覆盖的范围超出文件末尾。";
    GapNotContents, "gap_not_contents", "The bytes left out of the digest are not exactly the signature value: something else could hide there.", "未计入摘要的字节并不恰好是签名值：其中可能藏有其他内容。";
    CoverageNotRevision, "coverage_not_revision", "The covered bytes do not end where a revision of the file ends.", "签名覆盖的字节没有在文件某个修订版的结尾处结束。";
    ContentsMissing, "contents_missing", "The signature field has no signature value.", "签名域中没有签名值。";
    ContentsEmpty, "contents_empty", "The signature value is empty: nothing was signed.", "签名值为空：并未签署任何内容。";
    ContentsMalformed, "contents_malformed", "The signature value is not a well-formed CMS signature: {detail}.", "签名值不是格式正确的 CMS 签名：{detail}。";
    ContentsTrailing, "contents_trailing", "Data other than padding follows the CMS signature inside its hole.", "CMS 签名之后的填充区中含有其他数据。";
    EncapsulatedContent, "encapsulated_content", "The signature carries its own content instead of covering the document.", "签名自带内容，而没有覆盖文件。";
    SubFilterUnknown, "sub_filter_unknown", "The signature's format ({sub_filter}) is not supported.", "不支持该签名格式（{sub_filter}）。";
    SignatureTypeWrong, "signature_type_wrong", "The signature dictionary has the wrong type ({type}).", "签名字典的类型错误（{type}）。";
    SignatureShared, "signature_shared", "More than one field shows this signature.", "有多个域指向同一个签名。";
    SignatureRemoved, "signature_removed", "It closed revision {revision}, and a later revision removed it.", "该签名封存了修订版 {revision}，后来的修订版将其删除。";
    StructureDamaged, "structure_damaged", "The file's structure is damaged: different programs could show different documents ({detail}).", "文件结构损坏：不同程序可能显示不同的内容（{detail}）。";

    BytesAfterSigned, "bytes_after_signed", "Bytes {from} to {to}, after what was signed, are no well-formed update: different programs could show different documents ({detail}).", "已签名内容之后的第 {from} 至 {to} 字节不是格式正确的更新：不同程序可能显示不同的内容（{detail}）。";

    // integrity
    DigestMismatch, "digest_mismatch", "The signed bytes were changed after signing.", "已签名的字节在签名之后被更改。";
    DigestMatches, "digest_matches", "The signed bytes are as they were when signed.", "已签名的字节自签名以来未被更改。";
    SignatureInvalid, "signature_invalid", "The signature value does not verify under the certificate's key.", "签名值无法用证书中的密钥验证。";
    SignatureVerifies, "signature_verifies", "The signature value verifies under the certificate's key.", "签名值已用证书中的密钥验证通过。";
    SignatureUnchecked, "signature_unchecked", "The signature value could not be checked: {detail}.", "无法检查签名值：{detail}。";
    AlgorithmUnsupported, "algorithm_unsupported", "The signature's algorithm is not supported ({algorithm}).", "不支持该签名算法（{algorithm}）。";
    AlgorithmWeak, "algorithm_weak", "The signature uses an algorithm that is no longer secure ({algorithm}).", "签名使用了不再安全的算法（{algorithm}）。";
    SigningCertificateMismatch, "signing_certificate_mismatch", "The certificate is not the one that the signer bound into the signature.", "证书与签署人绑定在签名中的证书不一致。";
    SigningCertificateMissing, "signing_certificate_missing", "The signer's certificate is not in the signature.", "签名中没有签署人的证书。";

    // PAdES
    SigningTimeAttribute, "signing_time_attribute", "The CMS signature states a signing time, which PAdES forbids.", "CMS 签名中含有 PAdES 所禁止的签名时间属性。";
    NoSigningCertificateAttribute, "no_signing_certificate_attribute", "The signature does not bind the signer's certificate (no signing-certificate-v2).", "签名没有绑定签署人的证书（缺少 signing-certificate-v2）。";
    NotPadesSubFilter, "not_pades_sub_filter", "The signature's format is {sub_filter}, not ETSI.CAdES.detached.", "签名格式为 {sub_filter}，而不是 ETSI.CAdES.detached。";
    NoClaimedTime, "no_claimed_time", "The signature dictionary states no signing time (/M).", "签名字典没有写明签名时间（/M）。";

    CertEntry, "cert_entry", "The signature dictionary carries certificates of its own (/Cert), which PAdES forbids.", "签名字典自带 PAdES 所禁止的证书条目（/Cert）。";
    ArchivalAttributes, "archival_attributes", "The CMS signature is archived in itself ({names}), where PAdES keeps that in the file.", "CMS 签名自身带有归档属性（{names}），而 PAdES 将其保存在文件中。";
    LevelTooLow, "level_too_low", "The signature reaches {level}; {least} is asked for.", "签名达到 {level}，而要求的是 {least}。";
    PolicyMatches, "policy_matches", "The signer bound the signature policy {policy}, and it is the one at hand.", "签署人绑定了签署策略 {policy}，与所给的策略一致。";
    PolicyDiffers, "policy_differs", "The signature policy {policy} at hand is not the one that the signer bound.", "所给的签署策略 {policy} 与签署人绑定的不一致。";
    PolicyMissing, "policy_missing", "The signer bound the signature policy {policy}, which is not at hand to be compared.", "签署人绑定了签署策略 {policy}，但未提供该策略，无法比对。";
    PolicyBrought, "policy_brought", "The signer bound the signature policy {policy}, which was brought with the proof: it calls itself “{name}”, version {version}, by {publisher}.", "签署人绑定了签署策略 {policy}，该策略随证明文件提供：自称“{name}”第 {version} 版，发布者 {publisher}。";
    PolicyWritten, "policy_written", "The signer bound the signature policy {policy}, and it is the one at hand: “{name}”, version {version}, written on this server by {publisher}.", "签署人绑定了签署策略 {policy}，与所给的策略一致：“{name}”第 {version} 版，由 {publisher} 在本服务器上编写。";
    PolicyLevelMet, "policy_level_met", "The signing policy asks for {least} at least; the signature has {level}.", "签署策略要求至少达到 {least}；签名达到 {level}。";
    PolicyLevelTooLow, "policy_level_too_low", "The signing policy asks for {least} at least, and the signature has {level}; where not everyone has signed yet, it gets there with the last signature.", "签署策略要求至少达到 {least}，而签名只达到 {level}；如尚有人未签署，最后一人签署后才会达到。";
    PolicyTimeMet, "policy_time_met", "The signing policy asks for a trusted time; a trusted time-stamp proves that the signature existed at {time}.", "签署策略要求可信时间；可信时间戳证明签名在 {time} 已存在。";
    PolicyTimeMissing, "policy_time_missing", "The signing policy asks for a trusted time, and the signature carries no time-stamp.", "签署策略要求可信时间，而签名不带时间戳。";
    PolicyTimeUntrusted, "policy_time_untrusted", "The signing policy asks for a trusted time, and no time-stamp on the signature proves its time here.", "签署策略要求可信时间，而签名所带的时间戳在此均不能证明其时间。";
    PolicyTimeClaimed, "policy_time_claimed", "The signing policy takes the time that the signer claims.", "签署策略接受签署人声称的时间。";
    PolicyCustodyAny, "policy_custody_any", "The signing policy takes a key wherever it is kept.", "签署策略不限制密钥的存放方式。";
    PolicyCustodyMet, "policy_custody_met", "The signing policy asks for a key in one of these ways: {allowed}. The certificate names the passkey that opens the key, and it agreed to exactly this signature.", "签署策略要求密钥以下列方式之一存放：{allowed}。证书载明开启密钥的通行密钥，且其签署了对应本签名的激活记录。";
    PolicyCustodyRefused, "policy_custody_refused", "The signing policy asks for a key in one of these ways: {allowed}. The record of the activation says: {custody}.", "签署策略要求密钥以下列方式之一存放：{allowed}。激活记录载明的是：{custody}。";
    PolicyCustodyContradicted, "policy_custody_contradicted", "The signing policy asks for a key in one of these ways: {allowed}. The record of the activation does not bear that out: {detail}.", "签署策略要求密钥以下列方式之一存放：{allowed}。激活记录不能印证：{detail}。";
    PolicyCustodyNotShown, "policy_custody_not_shown", "The signing policy asks for a key in one of these ways: {allowed}. Nothing at hand shows others where the key was, or whose passkey opened it.", "签署策略要求密钥以下列方式之一存放：{allowed}。现有证据不能向他人证明密钥存于何处、由何人的通行密钥开启。";
    PolicyWillMet, "policy_will_met", "The signing policy asks for the signer's will to be confirmed; a passkey agreed to exactly this signature after verifying its holder.", "签署策略要求确认签署人的意愿；通行密钥在核验持有人后签署了对应本签名的激活记录。";
    PolicyWillNotShown, "policy_will_not_shown", "The signing policy asks for the signer's will to be confirmed; what confirmed it left nothing at hand that others could check.", "签署策略要求确认签署人的意愿；现有材料中没有他人可以核验的确认证据。";
    PolicyIdentity, "policy_identity", "The signing policy says how sure the identity check has to be; that it was made, and how, is the platform's record, not the file's.", "签署策略规定了身份核验须达到的程度；核验记录及方式由平台保存，文件本身不能证明。";
    PolicyIdentityAge, "policy_identity_age", "The signing policy asks for an identity check that is at most {days} days old when signing; how old it was is the platform's record, not the file's.", "签署策略要求签署时身份核验不超过 {days} 天；核验时间由平台记录，文件本身不能证明。";
    PolicyUnreadable, "policy_unreadable", "The signature policy that the signer bound cannot be read: {detail}.", "无法读取签署人绑定的签署策略：{detail}。";

    // certificate
    NoAnchors, "no_anchors", "No trusted root was given, so nobody vouches for the signer's name.", "没有提供受信任的根证书，因此签署人的姓名无人证明。";
    Untrusted, "untrusted", "The certificate does not lead to a trusted root: {detail}.", "证书无法追溯到受信任的根证书：{detail}。";
    Trusted, "trusted", "The certificate leads to the trusted root “{anchor}”.", "证书可追溯到受信任的根证书“{anchor}”。";
    CertificateExpired, "certificate_expired", "The certificate had expired on {date}, before {time}.", "证书已于 {date} 到期，早于 {time}。";
    CertificateNotYetValid, "certificate_not_yet_valid", "The certificate becomes valid on {date}, after {time}.", "证书自 {date} 起生效，晚于 {time}。";
    CertificateRevoked, "certificate_revoked", "The certificate “{subject}” was revoked on {time}.", "证书“{subject}”已于 {time} 被吊销。";
    NoRevocation, "no_revocation", "There is no proof that the certificate “{subject}” was not revoked.", "没有证据表明证书“{subject}”未被吊销。";
    RevocationStale, "revocation_stale", "The proof that the certificate “{subject}” was not revoked ended on {time}: it is too old.", "证明证书“{subject}”未被吊销的数据已于 {time} 过期。";
    RevocationOlderThanCertificate, "revocation_older_than_certificate", "What is said of the certificate “{subject}” is older than the certificate itself.", "有关证书“{subject}”的吊销数据早于该证书本身。";
    RevocationSignerExpired, "revocation_signer_expired", "Who signed the proof on the certificate “{subject}” was certified until {time}, and nothing shows that the proof is older.", "签发证书“{subject}”吊销数据者的证书有效期至 {time}，而没有证据表明该数据在此之前已经存在。";
    CertificateSuspended, "certificate_suspended", "The certificate “{subject}” is suspended since {time}.", "证书“{subject}”自 {time} 起被挂起。";
    AlgorithmExpired, "algorithm_expired", "The algorithm {algorithm}, used for “{subject}”, counts as secure until {until} only.", "用于“{subject}”的算法 {algorithm} 仅在 {until} 之前被视为安全。";
    AnchorSunset, "anchor_sunset", "The trusted list trusts the service “{service}” no longer since {time}.", "可信列表自 {time} 起不再信任服务“{service}”。";
    AnchorNotGranted, "anchor_not_granted", "The trusted list did not trust the service “{service}” on {time}.", "可信列表在 {time} 并未信任服务“{service}”。";
    ListNotVerified, "list_not_verified", "The trusted list of {operator} ({territory}) was relied on as it was given; its own signature was not checked.", "所用的 {operator}（{territory}）可信列表按所给文件采信，未验证列表自身的签名。";
    ListStale, "list_stale", "The trusted list of {territory} was to be renewed by {time}.", "{territory} 的可信列表应在 {time} 之前更新。";
    SourceFailed, "source_failed", "A source did not answer: {detail}.", "数据来源没有应答：{detail}。";
    ChainBroken, "chain_broken", "The certificate chain is not in order: {detail}.", "证书链不成立：{detail}。";
    ChainConstraint, "chain_constraint", "The certificate chain breaks a rule: {detail}.", "证书链违反规则：{detail}。";

    // time
    TimeStamped, "time_stamped", "A time-stamp of “{authority}” proves that the signature existed at {time}.", "“{authority}”的时间戳证明签名在 {time} 已经存在。";
    TimeStampInvalid, "time_stamp_invalid", "The time-stamp on the signature is not valid: {detail}.", "签名上的时间戳无效：{detail}。";
    TimeStampUntrusted, "time_stamp_untrusted", "The authority of the time-stamp is not trusted: {detail}.", "时间戳机构不受信任：{detail}。";
    NoTimeStamp, "no_time_stamp", "No trusted time proves when the signature was made.", "没有可信时间证明签名的时间。";
    ClaimedTimeOff, "claimed_time_off", "The signer claims {claimed}, which is after the time-stamp of {time}.", "签署人声称的时间 {claimed} 晚于时间戳的时间 {time}。";

    TimeStampOrder, "time_stamp_order", "The time-stamps contradict each other: one of {outer} covers one of {inner}.", "时间戳相互矛盾：{outer} 的时间戳覆盖了 {inner} 的时间戳。";
    TimeStampOutside, "time_stamp_outside", "The time-stamp's time, {time}, lies outside its authority's certificate.", "时间戳的时间 {time} 不在其机构证书的有效期内。";
    TimeStampFuture, "time_stamp_future", "The time-stamp's time, {time}, has not come yet.", "时间戳的时间 {time} 尚未到来。";
    ProvedTooLate, "proved_too_late", "The signer claims {claimed}, but the signature is proved only from {time}, too long after.", "签署人声称的时间为 {claimed}，而签名自 {time} 起才得到证明，间隔过长。";
    ProvedBefore, "proved_before", "The signature is proved to have existed at {time}, before {event}.", "已证明签名在 {time} 已经存在，早于 {event}。";
    PastValidated, "past_validated", "What has ended since does no harm: the signature is proved at {time}, and its certificates could be relied on until {control}.", "此后失效的内容没有影响：签名在 {time} 已得到证明，而其证书可信赖至 {control}。";

    // what to do
    AdviceDoNotRely, "advice_do_not_rely", "Do not rely on this signature. Ask whoever sent the file for the file as it was signed.", "请勿信赖此签名。请向文件发送者索取签署时的原始文件。";
    AdviceGiveRoots, "advice_give_roots", "Name the roots or trusted lists that you trust, and validate again.", "请给出您信任的根证书或可信列表，再次验证。";
    AdviceCheckIssuer, "advice_check_issuer", "Find out whether you trust who issued the certificate. If so, add its root or a trusted list that names it, and validate again.", "请核实您是否信任证书签发者。如信任，请加入其根证书或列有它的可信列表，再次验证。";
    AdviceGiveCertificate, "advice_give_certificate", "Ask the signer for the certificate, and give it to the validation.", "请向签署人索取证书，并在验证时提供。";
    AdviceRevocation, "advice_revocation", "Validate again with access to the authority's revocation service, or when newer data is out.", "请在可访问证书颁发机构吊销服务时，或在新数据发布后，再次验证。";
    AdviceProveTime, "advice_prove_time", "Look for a proof that the signature is older: a copy with a time-stamp, or a record elsewhere.", "请寻找能证明签名更早存在的证据：带时间戳的副本，或其他处的记录。";
    AdviceSignAgain, "advice_sign_again", "Ask the signer to sign again in a way that your policy accepts.", "请签署人以符合您策略的方式重新签署。";
    AdviceGivePolicy, "advice_give_policy", "Get the signature policy that the signer bound, and give it to the validation.", "请取得签署人绑定的签署策略，并在验证时提供。";
    AdviceAskAuthority, "advice_ask_authority", "Ask the time-stamping authorities: one of their clocks was wrong, or a time-stamp was moved.", "请询问时间戳机构：其中一方的时钟有误，或时间戳被移动。";
    AdviceStamp, "advice_stamp", "To keep the proof, add a time-stamp and validation material before {time}.", "为保留证据，请在 {time} 之前添加时间戳和验证材料。";
    AdviceArchive, "advice_archive", "To keep the proof, add an archive time-stamp (PAdES-B-LTA) before {time}.", "为保留证据，请在 {time} 之前添加归档时间戳（PAdES-B-LTA）。";

    // changes
    NoChanges, "no_changes", "Nothing was added to the file after this signature.", "此签名之后文件没有任何增加。";
    PermittedChanges, "permitted_changes", "Only permitted changes follow this signature.", "此签名之后只有被允许的更改。";
    ForbiddenChanges, "forbidden_changes", "The document was changed after this signature in a way that is not permitted.", "此签名之后文件发生了不被允许的更改。";
    ChangesNotJudged, "changes_not_judged", "What follows this signature could not be examined completely: {detail}.", "无法完整检查此签名之后的内容：{detail}。";
    ChangeSignatureAdded, "change_signature_added", "Signature field “{field}” was signed.", "签名域“{field}”已签署。";
    ChangeTimestampAdded, "change_timestamp_added", "A document time-stamp was added in “{field}”.", "在“{field}”中添加了文件时间戳。";
    ChangeFieldFilled, "change_field_filled", "Field “{field}” was filled in.", "表单域“{field}”已填写。";
    ChangeFieldLocked, "change_field_locked", "Field “{field}” was changed although a signature locks it.", "表单域“{field}”已被签名锁定，却仍被更改。";
    ChangeLockUnreadable, "change_lock_unreadable", "What this signature locks cannot be read, so nothing but validation material and time-stamps may follow it.", "无法读取此签名锁定了什么，因此其后只能添加验证材料和时间戳。";
    ChangeDss, "change_dss", "Validation material was added (DSS).", "添加了验证材料（DSS）。";
    ChangeCatalog, "change_catalog", "The document catalog was changed ({keys}).", "文件目录被更改（{keys}）。";
    ChangePage, "change_page", "Page {page} was changed ({keys}).", "第 {page} 页被更改（{keys}）。";
    ChangePages, "change_pages", "Pages were added, removed or put in another order.", "页面被增加、删除或调换了顺序。";
    ChangeAnnotationAdded, "change_annotation_added", "An annotation was added to page {page}.", "第 {page} 页增加了批注。";
    ChangeAnnotationRemoved, "change_annotation_removed", "An annotation was removed from page {page}.", "第 {page} 页的批注被删除。";
    ChangeAnnotation, "change_annotation", "An annotation on page {page} was changed.", "第 {page} 页的批注被更改。";
    ChangeForm, "change_form", "The form was changed ({keys}).", "表单被更改（{keys}）。";
    ChangeFieldAdded, "change_field_added", "Form field “{field}” was added.", "增加了表单域“{field}”。";
    ChangeFieldRemoved, "change_field_removed", "Form field “{field}” was removed.", "表单域“{field}”被删除。";
    ChangeField, "change_field", "Form field “{field}” was changed beyond its value ({keys}).", "表单域“{field}”除填写内容外还被更改（{keys}）。";
    ChangeAppearance, "change_appearance", "The look of field “{field}” was changed although its value was not.", "表单域“{field}”的内容未变，外观却被更改。";
    ChangeSignatureValue, "change_signature_value", "The signature in “{field}” was changed or removed.", "“{field}”中的签名被更改或删除。";
    ChangeSignatureOverlay, "change_signature_overlay", "The new signature field “{field}” shows something on the page although the document is certified or the field is not signed.", "新增的签名域“{field}”在页面上显示内容，但文件已经过认证或该域未签署。";
    ChangeResource, "change_resource", "Object {object}, which the signed document uses, was replaced.", "已签名文件所用的对象 {object} 被替换。";
    ChangeFreed, "change_freed", "Object {object} of the signed document was deleted.", "已签名文件的对象 {object} 被删除。";
    ChangeVersion, "change_version", "The file says that it is of version {to}.", "文件声明其版本为 {to}。";
    ChangeExtensions, "change_extensions", "What the file says of the extensions that it uses was changed ({keys}).", "文件关于所用扩展的声明被更改（{keys}）。";
    ChangeMetadata, "change_metadata", "The document's metadata was changed.", "文件的元数据被更改。";
    ChangeInformation, "change_information", "What the file says of itself was changed ({keys}).", "文件的自述信息被更改（{keys}）。";
    ChangeOrphan, "change_orphan", "Object {object} was added although nothing uses it.", "增加了未被使用的对象 {object}。";
    ChangeIdentical, "change_identical", "Object {object} was written again without a change.", "对象 {object} 被原样重写。";
    ChangeRoot, "change_root", "The file's root was replaced.", "文件的根对象被替换。";
    ChangeEncryption, "change_encryption", "The file's encryption was changed.", "文件的加密设置被更改。";
    ChangeBytes, "change_bytes", "Bytes {from} to {to} belong to no well-formed update.", "第 {from} 至 {to} 字节不属于任何格式正确的更新。";
    ChangeXref, "change_xref", "An update's cross-reference is not consistent: {detail}.", "更新的交叉引用不一致：{detail}。";
    ChangeRewritten, "change_rewritten", "Object {object} was written anew, as {as}, with the same content.", "对象 {object} 以 {as} 重新写入，内容相同。";
    ChangeDocumentPart, "change_document_part", "Object {object}, which belongs to the document's {keys}, was replaced.", "属于文件 {keys} 的对象 {object} 被替换。";
    ChangeFieldCovers, "change_field_covers", "Field “{field}” covers or uncovers “{text}” on page {page} in another way than before.", "表单域“{field}”对第 {page} 页“{text}”的遮盖与之前不同。";
    ChangeNeedAppearances, "change_need_appearances", "Programs are asked to draw the fields of the form anew (NeedAppearances).", "要求程序重新绘制表单域（NeedAppearances）。";
    ChangeLookNotValue, "change_look_not_value", "Field “{field}” shows “{shown}”, but its value is “{value}”.", "表单域“{field}”显示“{shown}”，而其内容为“{value}”。";
    ChangeLookUnreadable, "change_look_unreadable", "What field “{field}” shows cannot be compared with its value ({detail}).", "无法将表单域“{field}”的显示与其内容进行比较（{detail}）。";
    ChangeState, "change_state", "Field “{field}” was put into the state “{state}”, which does not fit its value or has no look.", "表单域“{field}”被置为“{state}”状态，该状态与其内容不符或没有对应的外观。";
    ChangeFieldAddedCertified, "change_field_added_certified", "Form field “{field}” was added although the document is certified.", "文件已经过认证，却增加了表单域“{field}”。";
    ChangeSignatureShown, "change_signature_shown", "The new signature field “{field}” shows itself on page {page} at {area}.", "新的签名域“{field}”显示在第 {page} 页 {area} 处。";
    ChangeSignatureCovers, "change_signature_covers", "The new signature field “{field}” covers “{text}” on page {page} at {area}.", "新的签名域“{field}”遮盖了第 {page} 页 {area} 处的“{text}”。";
    ChangeSignatureBlots, "change_signature_blots", "The new signature field “{field}” hides a picture, a scan or a drawing on page {page} at {area}: what it paints is opaque there, and what lies below is not blank.", "新的签名域“{field}”遮盖了第 {page} 页 {area} 处的图片、扫描件或图形：其绘制内容不透明，而下方并非空白。";
    ChangeCommentAdded, "change_comment_added", "A comment ({kind}) was added to page {page}.", "第 {page} 页增加了批注（{kind}）。";
    ChangeCommentRemoved, "change_comment_removed", "A comment ({kind}) was removed from page {page}.", "第 {page} 页的批注（{kind}）被删除。";
    ChangeCommentChanged, "change_comment_changed", "A comment ({kind}) on page {page} was changed.", "第 {page} 页的批注（{kind}）被更改。";
    ChangeTogetherCover, "change_together_cover", "What was added on page {page} hides “{text}” together, although no piece of it does alone.", "第 {page} 页新增的内容单独不遮盖文字，合起来却遮盖了“{text}”。";
    ChangeCommentCovers, "change_comment_covers", "An annotation ({kind}) on page {page} could cover or imitate content: {detail}.", "第 {page} 页的批注（{kind}）可能遮盖或仿冒内容：{detail}。";

    // readers
    ReaderDuplicateKey, "reader_duplicate_key", "Object {object} states {keys} more than once: programs differ about which one counts.", "对象 {object} 多次给出 {keys}：不同程序采用的值可能不同。";
    ReaderDuplicateEntry, "reader_duplicate_entry", "The cross-reference at byte {offset} gives different places for one object: programs differ about which one counts.", "第 {offset} 字节处的交叉引用为同一对象给出不同位置：不同程序的取舍可能不同。";
    ReaderHybrid, "reader_hybrid", "Object {object}, which page {page} uses, is hidden from programs that read cross-reference tables alone.", "第 {page} 页所用的对象 {object} 对只读取交叉引用表的程序不可见。";
    ReaderWrongEntry, "reader_wrong_entry", "The cross-reference does not lead to object {object}: programs differ about what they take instead.", "交叉引用没有指向对象 {object}：不同程序的替代方式可能不同。";
    ReaderOrphan, "reader_orphan", "Another object {object} stands at byte {offset}, where no cross-reference leads: a program that repairs files would take it.", "第 {offset} 字节处另有一个交叉引用没有指向的对象 {object}：会修复文件的程序将采用它。";
    ReaderStartXref, "reader_startxref", "The file ends with statements that contradict each other about where its cross-reference is.", "文件末尾关于交叉引用位置的说明互相矛盾。";
    ReaderHeader, "reader_header", "{bytes} bytes precede the file's header: programs differ about where to count from.", "文件头之前有 {bytes} 个字节：不同程序的起算位置可能不同。";
    ReaderElsewhere, "reader_elsewhere", "Object {object} takes its content from another file: some programs fetch it, others show what is in this one.", "对象 {object} 的内容取自另一文件：有的程序会读取该文件，有的程序显示本文件中的内容。";
    ReaderLength, "reader_length", "The length stated for stream {object} does not lead to its end: programs differ about what it holds.", "流 {object} 声明的长度没有到达其结尾：不同程序读到的内容可能不同。";

    // reliability
    ExclusiveNotShown, "exclusive_not_shown", "A file alone does not show that the key belongs to the signer alone; the authority's issuance record does.", "仅凭文件不能证明密钥专属于签署人；须由证书颁发机构的签发记录证明。";
    SoleControlNotShown, "sole_control_not_shown", "A file alone never shows that only the signer controlled the key; the record of the activation does.", "仅凭文件永远不能证明密钥仅由签署人控制；须由签署时的激活记录证明。";
    ExclusiveCertified, "exclusive_certified", "An authority apart from the platform certified the key for this signer, and names the passkey that alone opens it, which it saw the signer register.", "独立于平台的证书颁发机构为该签署人签发证书，并载明唯一能开启密钥、且由该机构亲自核实登记的通行密钥。";
    ExclusiveKnown, "exclusive_known", "The certificate, which leads to a trusted authority, names the passkey that alone opens the key; whoever judges knows that passkey to be the signer's, and it agreed to exactly this signature.", "证书可追溯至可信的证书颁发机构，并载明唯一能开启密钥的通行密钥；验证人已知该通行密钥属于签署人，且其签署了对应本签名的激活记录。";
    SoleControlNoRecord, "sole_control_no_record", "The proof holds no activation record of this signature.", "证明文件中没有该签名的激活记录。";
    SoleControlCertified, "sole_control_certified", "The passkey {passkey}, which the certificate names and which its trusted authority saw the signer register itself (policy {policy} of the authority {authority}, which whoever judges knows to say so), signed the activation of exactly this signature after verifying its holder.", "证书载明、且由可信证书颁发机构亲自核实登记（验证人已知机构 {authority} 的证书策略 {policy} 表明这一点）的通行密钥 {passkey}，在核验持有人后签署了对应本签名的激活记录。";
    SoleControlRegistration, "sole_control_registration", "The passkey {passkey}, which the certificate names, signed the activation of exactly this signature; but nothing shows that the certificate's authority itself saw the signer register it: whoever asks for certificates there, as the platform does, can have it name a passkey of their own.", "证书载明的通行密钥 {passkey} 签署了对应本签名的激活记录；但没有证据表明证书颁发机构亲自核实了签署人对该通行密钥的登记：向其申请证书的一方（例如平台）可以使证书载明自己的通行密钥。";
    SoleControlKnown, "sole_control_known", "The passkey {passkey}, known to whoever judges, signed the activation of exactly this signature after verifying its holder.", "验证人已知属于签署人的通行密钥 {passkey}，在核验持有人后签署了对应本签名的激活记录。";
    SoleControlOwnAuthority, "sole_control_own_authority", "The passkey {passkey} signed the activation of exactly this signature; but the authority that calls it the signer's is run by the platform itself (test trust), which could have certified a passkey of its own.", "通行密钥 {passkey} 签署了对应本签名的激活记录；但认定其属于签署人的证书颁发机构由平台自行运营（测试信任），平台可能认证了自己的通行密钥。";
    SoleControlUntrusted, "sole_control_untrusted", "The passkey {passkey} signed the activation of exactly this signature; but the certificate that calls it the signer's leads to no trusted authority.", "通行密钥 {passkey} 签署了对应本签名的激活记录；但认定其属于签署人的证书不能追溯至可信机构。";
    SoleControlUncertified, "sole_control_uncertified", "The passkey {passkey} signed the activation of exactly this signature; but the certificate does not name it, so that it may be anyone's.", "通行密钥 {passkey} 签署了对应本签名的激活记录；但证书未载明该通行密钥，它可能属于任何人。";
    SoleControlUnwitnessed, "sole_control_unwitnessed", "A PIN opened the key on the server: that leaves nothing which others could check.", "密钥在服务器上由签署密码开启，没有留下他人可以核验的证据。";
    SoleControlDevice, "sole_control_device", "The key is kept in the signer's browser; nothing shows others where a key lives.", "密钥保存在签署人的浏览器中，但他人无从核验密钥存于何处。";
    SoleControlModule, "sole_control_module", "The key is in a hardware module of the platform, which a PIN had sign: that leaves nothing which others could check.", "密钥存于平台的硬件密码模块，由签署密码确认使用，没有留下他人可以核验的证据。";
    SoleControlContradicted, "sole_control_contradicted", "The activation record of this signature does not hold: {detail}.", "该签名的激活记录不成立：{detail}。";
    NotChecked, "not_checked", "The signature's format or algorithm is not supported, so this could not be checked.", "不支持该签名的格式或算法，因此无法检查。";
    SignatureIntact, "signature_intact", "The signature verifies under the certificate's key, so it has not been changed.", "签名已用证书中的密钥验证通过，未被更改。";
    SignatureNotIntact, "signature_not_intact", "The signature does not verify.", "签名未通过验证。";
    ContentIntact, "content_intact", "The signed bytes are unchanged, and nothing forbidden follows them.", "已签名的字节未被更改，其后也没有不被允许的内容。";
    ContentNotIntact, "content_not_intact", "The signed document was changed, or something forbidden was added to it.", "已签名的文件被更改，或被添加了不允许的内容。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_parse_back() {
        for code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
        }
    }

    #[test]
    fn both_languages_name_the_same_parameters() {
        let names = |text: &str| -> std::collections::BTreeSet<String> {
            text.split('{').skip(1).filter_map(|s| s.split_once('}').map(|(n, _)| n.to_owned())).collect()
        };
        for code in Code::ALL {
            assert_eq!(names(code.template(Lang::En)), names(code.template(Lang::Zh)), "{}", code.as_str());
        }
    }

    #[test]
    fn a_reason_survives_json() {
        let reason = Reason::new(Code::ChangePage).with("page", 3).with("keys", "Contents");
        let json = serde_json::to_string(&reason).expect("a reason serialises");
        assert!(json.contains("Page 3 was changed (Contents)."));
        assert_eq!(serde_json::from_str::<Reason>(&json).expect("and reads back"), reason);
    }
}
