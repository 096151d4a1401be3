//! The verdict in plain words.

use super::reason::Lang;
use super::{
    Change, ChangesAfter, Condition, Coverage, Indication, Kind, Level, Report, Rule, SignatureReport,
};

pub(super) fn render(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    if !report.file.is_empty() {
        line(&report.file);
    }
    if report.signatures.is_empty() {
        for reason in &report.reasons {
            line(&reason.text(lang));
        }
        return out;
    }
    line(headline(report, lang));
    for reason in &report.reasons {
        line(&format!("  {}", reason.text(lang)));
    }
    for (index, signature) in report.signatures.iter().enumerate() {
        line("");
        for text in signature_lines(index + 1, signature, lang) {
            line(&text);
        }
    }
    out
}

fn headline(report: &Report, lang: Lang) -> &'static str {
    match (report.indication, lang) {
        (Indication::TotalPassed, Lang::En) => "Every signature is valid.",
        (Indication::TotalPassed, Lang::Zh) => "全部签名有效。",
        (Indication::Indeterminate, Lang::En) => "The signatures could not be confirmed completely.",
        (Indication::Indeterminate, Lang::Zh) => "签名未能完全确认。",
        (Indication::TotalFailed, Lang::En) => "At least one signature is not valid.",
        (Indication::TotalFailed, Lang::Zh) => "至少有一个签名无效。",
    }
}

fn signature_lines(number: usize, signature: &SignatureReport, lang: Lang) -> Vec<String> {
    let en = lang == Lang::En;
    let pick = |english: &'static str, chinese: &'static str| if en { english } else { chinese };
    let mut lines = Vec::new();
    let kind = match signature.kind {
        Kind::Signature => pick("Signature", "签名"),
        Kind::DocTimestamp => pick("Document time-stamp", "文件时间戳"),
        Kind::Certification => pick("Certification signature", "认证签名"),
    };
    let is_stamp = signature.kind == Kind::DocTimestamp;
    let unknown = if is_stamp {
        pick("unknown authority", "未知机构")
    } else {
        pick("unknown signer", "未知签署人")
    };
    let signer = signature.signer.as_deref().unwrap_or(unknown);
    lines.push(if en {
        format!("{kind} {number}: {signer} (field “{}”)", signature.field)
    } else {
        format!("{kind} {number}：{signer}（签名域“{}”）", signature.field)
    });
    let sub = signature.sub_indication.map(|s| format!(" / {}", s.as_str())).unwrap_or_default();
    let mut item = |name: &str, value: &str| {
        lines.push(if en { format!("  {name}: {value}") } else { format!("  {name}：{value}") });
    };
    let level = level(signature, lang);
    item(pick("verdict", "结论"), &verdict(signature.indication, &sub, &level, lang));
    if let Some(stamp) = signature.time_stamp.as_ref().filter(|_| is_stamp) {
        item(pick("states the time", "所载时间"), &stamp.time.to_string());
    } else if let Some(time) = signature.best_time {
        item(pick("existed at", "存在时间"), &time.to_string());
    }
    if let Some(time) = signature.claimed_time {
        item(pick("claimed time", "声称时间"), &time.to_string());
    }
    if let Some(issuer) = &signature.issuer {
        item(pick("certificate issued by", "证书签发者"), issuer);
    }
    item(
        pick("covers", "覆盖范围"),
        match signature.coverage {
            Some(Coverage::WholeFile) => pick("the whole file", "整个文件"),
            Some(Coverage::Revision) => pick("a revision; more follows", "文件的一个修订版，其后还有内容"),
            None => pick("not well defined", "不明确"),
        },
    );
    item(
        pick("changes after", "此后更改"),
        match signature.changes_after {
            ChangesAfter::None => pick("none", "无"),
            ChangesAfter::Permitted => pick("only permitted ones", "仅有允许的更改"),
            ChangesAfter::Forbidden => pick("forbidden", "有不允许的更改"),
        },
    );
    for reason in &signature.reasons {
        lines.push(format!("  - {}", reason.text(lang)));
    }
    lines.extend(policy_lines(signature, lang));
    for advice in &signature.advice {
        lines.push(format!("  → {}", advice.text(lang)));
    }
    for change in &signature.changes {
        let mark = if change.permitted { "+" } else { "!" };
        let place = place(change, lang);
        lines.push(if en {
            format!("    {mark} revision {}: {}{place}", change.revision, change.what.text(lang))
        } else {
            format!("    {mark} 修订版 {}：{}{place}", change.revision, change.what.text(lang))
        });
    }
    // The conditions speak of a signer; an authority that states a time is none.
    if !is_stamp {
        lines.extend(reliability_lines(signature, lang));
    }
    lines
}

/// The indication in the standard's word; in Chinese, plain words before it.
fn verdict(indication: Indication, sub: &str, level: &str, lang: Lang) -> String {
    let word = indication.as_str();
    let plain = match (lang, indication) {
        (Lang::En, _) => return format!("{word}{sub}{level}"),
        (Lang::Zh, Indication::TotalPassed) => "全部通过",
        (Lang::Zh, Indication::Indeterminate) => "无法确定",
        (Lang::Zh, Indication::TotalFailed) => "未通过",
    };
    format!("{plain}（{word}{sub}）{level}")
}

/// The level, as far as there is one: a document time-stamp has none, and what fails has reached none, whatever its form.
fn level(signature: &SignatureReport, lang: Lang) -> String {
    let level = signature.level.as_str();
    match (signature.kind, signature.indication, signature.level) {
        (Kind::DocTimestamp, ..) | (_, Indication::TotalFailed, Level::NotEtsi) => String::new(),
        (_, Indication::TotalFailed, _) if lang == Lang::En => format!(" (in the form of {level})"),
        (_, Indication::TotalFailed, _) => format!("（形式为 {level}）"),
        _ if lang == Lang::Zh => format!("，{level}"),
        _ => format!(", {level}"),
    }
}

/// The object and the pages that a change concerns, where its words do not name them already.
fn place(change: &Change, lang: Lang) -> String {
    let params = &change.what.params;
    let object = change.object.as_deref().filter(|_| !params.contains_key("object"));
    let pages: Vec<String> = match params.contains_key("page") {
        true => Vec::new(),
        false => change.pages.iter().map(usize::to_string).collect(),
    };
    let parts = match lang {
        Lang::En => [
            (!pages.is_empty()).then(|| format!("page {}", pages.join(", "))),
            object.map(|object| format!("object {object}")),
        ],
        Lang::Zh => [
            (!pages.is_empty()).then(|| format!("第 {} 页", pages.join("、"))),
            object.map(|object| format!("对象 {object}")),
        ],
    };
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match (parts.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::En) => format!(" ({})", parts.join("; ")),
        (false, Lang::Zh) => format!("（{}）", parts.join("；")),
    }
}

/// How the signature stands to each rule of its signing policy.
fn policy_lines(signature: &SignatureReport, lang: Lang) -> Vec<String> {
    let rules = signature.policy.iter().flat_map(|policy| &policy.rules);
    let named = |rule| match (rule, lang) {
        (Rule::Level, Lang::En) => "level",
        (Rule::Level, Lang::Zh) => "签名级别",
        (Rule::Time, Lang::En) => "time",
        (Rule::Time, Lang::Zh) => "时间",
        (Rule::Custody, Lang::En) => "key",
        (Rule::Custody, Lang::Zh) => "密钥",
        (Rule::Will, Lang::En) => "will",
        (Rule::Will, Lang::Zh) => "意愿",
        (Rule::Identity, Lang::En) => "identity",
        (Rule::Identity, Lang::Zh) => "身份",
        (Rule::IdentityAge, Lang::En) => "age of the identity check",
        (Rule::IdentityAge, Lang::Zh) => "身份核验时间",
    };
    rules
        .map(|it| match lang {
            Lang::En => {
                let state = stands(it.condition, lang);
                format!("  policy, {}: {state}. {}", named(it.rule), it.reason.text(lang))
            }
            Lang::Zh => {
                format!(
                    "  签署策略·{}：{}。{}",
                    named(it.rule),
                    stands(it.condition, lang),
                    it.reason.text(lang)
                )
            }
        })
        .collect()
}

fn stands(condition: Condition, lang: Lang) -> &'static str {
    match (condition, lang) {
        (Condition::Met, Lang::En) => "met",
        (Condition::Met, Lang::Zh) => "符合",
        (Condition::NotMet, Lang::En) => "not met",
        (Condition::NotMet, Lang::Zh) => "不符合",
        (Condition::NotShown, Lang::En) => "not shown",
        (Condition::NotShown, Lang::Zh) => "未能证明",
    }
}

fn reliability_lines(signature: &SignatureReport, lang: Lang) -> Vec<String> {
    let rows = [
        (
            "the key is the signer's alone",
            "电子签名制作数据属于电子签名人专有",
            signature.reliability.exclusive,
            &signature.reliability_reasons.exclusive,
        ),
        (
            "only the signer controlled it",
            "签署时仅由电子签名人控制",
            signature.reliability.sole_control,
            &signature.reliability_reasons.sole_control,
        ),
        (
            "the signature is unchanged",
            "签名未被更改",
            signature.reliability.signature_intact,
            &signature.reliability_reasons.signature_intact,
        ),
        (
            "the document is unchanged",
            "文件未被更改",
            signature.reliability.content_intact,
            &signature.reliability_reasons.content_intact,
        ),
    ];
    rows.iter()
        .map(|(en, zh, condition, reason)| {
            let state = stands(*condition, lang);
            match lang {
                Lang::En => format!("  {en}: {state}. {}", reason.text(lang)),
                Lang::Zh => format!("  {zh}：{state}。{}", reason.text(lang)),
            }
        })
        .collect()
}
