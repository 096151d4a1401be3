//! Writes the demonstration contract and a certification report with made-up facts: `cargo run --example samples -- DIR`.

use jiff::Timestamp;
use vermilion_report::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".into()));
    let at: Timestamp = "2026-11-23T02:14:07Z".parse()?;
    let party = |name: &str| ContractParty { name: name.into() };
    let contract = DemoContract {
        number: "VM-2026-118".into(),
        at,
        person: party("陈晓明"),
        company: party("远山机械制造有限公司"),
    };
    std::fs::write(dir.join("contract.pdf"), demo_contract(&contract)?.pdf)?;
    std::fs::write(dir.join("report.pdf"), certification(&sample(at))?)?;
    Ok(())
}

fn sample(at: Timestamp) -> Certification {
    let digest = "9f2c7d0a5be1448f9f2c7d0a5be1448f9f2c7d0a5be1448f9f2c7d0a5be1a41b".to_owned();
    let revision = |number, kind: &str| Revision {
        number,
        kind: kind.into(),
        sha256: digest.clone(),
        size: 214_118,
        at,
    };
    let check = Check {
        what: "Name, ID number and phone against the sandbox register".into(),
        what_zh: "姓名、身份证号、手机号与沙箱登记库一致".into(),
        provider: "Sandbox register".into(),
        transaction: "sbx_01JD".into(),
        answer_sha256: digest.clone(),
        at,
    };
    let party = |order, organization: Option<&str>| Party {
        order,
        kind: if organization.is_some() { "organization" } else { "person" }.into(),
        name: "陈晓明".into(),
        organization: organization.map(Into::into),
        contact: "c***@example.com".into(),
        status: "signed".into(),
        checks: vec![check.clone(), check.clone()],
        consent: Some(Consent { version: "3".into(), sha256: digest.clone(), language: "zh-CN".into(), at }),
        conditions: Some(Conditions {
            policy: "strict".into(),
            title: Words { en: "Strict".into(), zh: "严格".into() },
            version: 1,
            sha256: digest.clone(),
            assurance: Some(Words {
                en: "High: and their face or document was compared".into(),
                zh: "高：并经人脸或证件比对".into(),
            }),
            custody: Some(Words {
                en: "In a hardware module; the agent's passkey confirms each use".into(),
                zh: "保存于硬件密码模块，每次使用由经办人的通行密钥确认".into(),
            }),
            will: Some(Words {
                en: "By the face, compared anew for this very document".into(),
                zh: "针对本文件重新进行的人脸核验".into(),
            }),
            will_at: Some(at),
        }),
        certificate: Some(Certificate {
            subject: "CN=陈晓明".into(),
            issuer: "CN=Vermilion Test Issuing CA".into(),
            serial: "4fa1".repeat(8),
            fingerprint: digest.clone(),
            algorithm: "ECDSA P-256".into(),
            not_before: at,
            not_after: at,
        }),
        signature: Some(Signature {
            field: "Signature.1".into(),
            level: "PAdES-B-LTA".into(),
            time_stamp: Some(at),
            time_stamp_authority: Some("CN=Vermilion Test TSA".into()),
            time_stamp_serial: Some("01".into()),
            activation_sha256: digest.clone(),
            verdict: "TOTAL-PASSED".into(),
        }),
    };
    let event = |seq| Event {
        seq,
        at,
        what: "Consent given".into(),
        what_zh: "同意电子签名".into(),
        actor: "陈**".into(),
        hash: digest.clone(),
    };
    Certification {
        number: "rep_0193".into(),
        issued_at: at,
        server: "http://127.0.0.1:8080".into(),
        software: "Vermilion 0.1.0".into(),
        test_trust: true,
        sandbox: true,
        external_authority: false,
        envelope: "env_0193".into(),
        title: "设备采购合同".into(),
        status: "completed".into(),
        sender: "星河科技".into(),
        sender_contact: "s***@example.com".into(),
        sent_at: Some(at),
        completed_at: Some(at),
        documents: vec![Document {
            name: "contract.pdf".into(),
            pages: 2,
            revisions: vec![
                revision(1, "original"),
                revision(2, "fields"),
                revision(3, "signature"),
                revision(4, "validation"),
            ],
        }],
        parties: vec![party(1, None), party(2, Some("远山机械制造有限公司"))],
        events: (11..40).map(event).collect(),
        chain: Chain { first: 11, last: 39, head: digest.clone(), intact: true },
    }
}
