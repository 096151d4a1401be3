//! The report's words for checks and events, in both languages.

use domain::policy::{Assurance, Custody, WillWay};

/// The same in English and Chinese.
pub(super) struct Both {
    pub(super) en: &'static str,
    pub(super) zh: &'static str,
}

pub(super) const REGISTER: Both = Both {
    en: "Name, ID number and phone compared with the register",
    zh: "姓名、身份证号、手机号与登记库比对一致",
};
pub(super) const TWO_ELEMENTS: Both = Both {
    en: "Name and ID number compared with the register",
    zh: "姓名、证件号码与登记库比对一致",
};
pub(super) const DOCUMENT: Both = Both {
    en: "Pictures of the ID document compared by an administrator, without asking an authority",
    zh: "管理员人工比对证件照片（未向权威机构核查）",
};
pub(super) const DOCUMENT_PRESENTED: Both = Both {
    en: "Pictures of the ID document, and of the person holding it, compared by an administrator, without asking an authority",
    zh: "管理员人工比对证件照片及本人手持证件照片（未向权威机构核查）",
};
pub(super) const BANK_CARD: Both = Both {
    en: "Name, ID number, phone and bank card compared with the bank",
    zh: "姓名、证件号码、手机号、银行卡与银行比对一致",
};
pub(super) const FACE: Both = Both {
    en: "Name and ID number, and the face with the register's photograph, compared",
    zh: "姓名、证件号码及人脸与登记库比对一致",
};
pub(super) const PHONE_CODE: Both =
    Both { en: "A code sent to that phone came back", zh: "发送至该手机的验证码核对一致" };
pub(super) const COMPANY_REGISTER: Both = Both {
    en: "Name, credit code and legal representative compared with the registry",
    zh: "企业名称、统一社会信用代码、法定代表人与企业登记库比对一致",
};
pub(super) const PAYMENT: Both = Both {
    en: "The agent told the amount of a payment to the company's account",
    zh: "经办人正确回填对公账户打款金额",
};
pub(super) const LEGAL_REPRESENTATIVE: Both = Both {
    en: "The agent is the legal representative: their own ID number compared with the registry, and their face",
    zh: "经办人即法定代表人：本人证件号码与企业登记库比对一致，并经人脸核验",
};
pub(super) const AUTHORIZATION: Both = Both {
    en: "The legal representative, verified by face and ID number, signed a letter of authorization for the agent",
    zh: "法定代表人经人脸及证件号码核验后，签署了对经办人的授权委托书",
};
pub(super) const LETTER: Both = Both {
    en: "A letter of authorization was reviewed by a person",
    zh: "授权委托书经人工审核通过",
};
pub(super) const DIRECTORY: Both = Both {
    en: "On the organization's staff, by its own directory's word (no real-name authentication)",
    zh: "人员目录声明其为本企业人员（企业自述，不属于实名认证）",
};

/// How sure it is who the signer is.
pub(super) fn assurance(it: Assurance) -> &'static Both {
    match it {
        Assurance::Low => {
            &Both { en: "Low: name and number belong together", zh: "低：姓名与证件号码一致" }
        }
        Assurance::Substantial => &Both {
            en: "Substantial: and a code to their own phone, or the document shown to a reviewer",
            zh: "中：并向本人手机发送验证码，或经人工审核手持证件的照片",
        },
        Assurance::High => &Both {
            en: "High: and their face was compared with the authority's picture",
            zh: "高：并经人脸与权威机构留存照片比对",
        },
    }
}

/// Where the key is, and what opens it.
pub(super) fn custody(it: Custody, opened_by: Custody) -> &'static Both {
    match (it, opened_by) {
        (Custody::Device, _) => &Both {
            en: "In the signer's own device, and never elsewhere",
            zh: "仅保存在签署人自己的设备中",
        },
        (Custody::Passkey, _) => &Both {
            en: "Sealed on the server; the signer's passkey opens it",
            zh: "加密保存于服务器，由签署人的通行密钥开启",
        },
        (Custody::Pin, _) => &Both {
            en: "Sealed on the server; the signer's PIN opens it",
            zh: "加密保存于服务器，由签署人的签署密码开启",
        },
        (Custody::Pkcs11, Custody::Passkey) => &Both {
            en: "In a hardware module; the agent's passkey confirms each use",
            zh: "保存于硬件密码模块，每次使用由经办人的通行密钥确认",
        },
        (Custody::Pkcs11, _) => &Both {
            en: "In a hardware module; the agent's PIN confirms each use",
            zh: "保存于硬件密码模块，每次使用由经办人的签署密码确认",
        },
    }
}

/// How the will to sign was shown; none where opening the key did.
pub(super) fn will(way: Option<WillWay>) -> &'static Both {
    match way {
        None => &Both { en: "By opening the key for this very document", zh: "为本文件开启密钥" },
        Some(WillWay::Sms) => &Both {
            en: "By a code to the phone, for this very document",
            zh: "针对本文件的短信验证码",
        },
        Some(WillWay::Email) => &Both {
            en: "By a code to the address of the invitation, for this very document",
            zh: "针对本文件、发送至邀请邮箱的验证码",
        },
        Some(WillWay::Face) => &Both {
            en: "By the face, compared anew for this very document",
            zh: "针对本文件重新进行的人脸核验",
        },
        Some(WillWay::Passkey) => &Both {
            en: "By a passkey that signed for this very document",
            zh: "通行密钥针对本文件作出的签名",
        },
    }
}

const EVENTS: &[(&str, Both)] = &[
    ("envelope.created", Both { en: "Envelope created", zh: "创建信封" }),
    ("envelope.document_added", Both { en: "Document added", zh: "添加文件" }),
    ("envelope.document_removed", Both { en: "Document removed", zh: "移除文件" }),
    ("envelope.sent", Both { en: "Envelope sent", zh: "发出信封" }),
    ("document.time_stamped", Both { en: "Time-stamp over the whole document", zh: "为整份文件加盖时间戳" }),
    ("envelope.completed", Both { en: "All parties have signed", zh: "各方均已签署" }),
    ("envelope.voided", Both { en: "Envelope taken back", zh: "撤回信封" }),
    ("envelope.expired", Both { en: "The time ran out", zh: "信封已过期" }),
    ("recipient.invited", Both { en: "Invitation sent", zh: "发送签署邀请" }),
    ("recipient.reminded", Both { en: "Reminder sent, with a new link", zh: "发送提醒（新链接）" }),
    ("recipient.opened", Both { en: "Link opened", zh: "打开链接" }),
    ("recipient.viewed", Both { en: "Request seen", zh: "查看签署请求" }),
    ("recipient.consented", Both { en: "Consent to sign electronically", zh: "同意电子签署" }),
    ("recipient.filled", Both { en: "Fields filled", zh: "填写内容" }),
    ("recipient.signed", Both { en: "Signed", zh: "完成签署" }),
    ("recipient.declined", Both { en: "Declined", zh: "拒绝签署" }),
    ("identity.checked", Both { en: "Identity matched the register", zh: "身份信息核对一致" }),
    ("identity.consent_given", Both { en: "Consent to process identity data", zh: "同意处理身份信息" }),
    (
        "identity.consent_refused",
        Both { en: "Consent to process identity data refused", zh: "不同意处理身份信息" },
    ),
    ("identity.pending", Both { en: "Face check begun", zh: "开始人脸核验" }),
    ("review.begun", Both { en: "Check of the ID document by hand begun", zh: "开始人工审核证件" }),
    ("review.picture_added", Both { en: "Picture added for the check", zh: "已提交审核照片" }),
    ("review.submitted", Both { en: "Pictures sent in for the check", zh: "照片已提交审核" }),
    ("review.closed", Both { en: "Check by hand ended without a decision", zh: "人工审核未作决定即终止" }),
    ("identity.expired", Both { en: "Identity check not finished in time", zh: "身份核验超时未完成" }),
    ("identity.unavailable", Both { en: "The identity provider did not answer", zh: "身份核验服务未应答" }),
    ("identity.replayed", Both { en: "An answer of another check was refused", zh: "已拒绝重复的核验结果" }),
    (
        "identity.erased",
        Both { en: "Personal data of an identity check erased", zh: "已删除核验中的个人信息" },
    ),
    ("identity.refused", Both { en: "Identity did not match the register", zh: "身份信息核对不一致" }),
    ("identity.code_locked", Both { en: "Too many wrong codes", zh: "验证码错误次数过多" }),
    ("identity.verified", Both { en: "Identity verified", zh: "身份核验通过" }),
    ("organization.checked", Both { en: "Company matched the registry", zh: "企业信息核对一致" }),
    (
        "organization.erased",
        Both { en: "Personal data of a company check erased", zh: "已删除企业核验中的个人信息" },
    ),
    ("organization.refused", Both { en: "Company did not match the registry", zh: "企业信息核对不一致" }),
    ("organization.recognised", Both { en: "Company and agent recognised", zh: "识别已认证的企业和经办人" }),
    ("organization.verified", Both { en: "Company and agent verified", zh: "企业及经办人核验通过" }),
    (
        "organization.replayed",
        Both { en: "An answer of another check was refused", zh: "已拒绝重复的核验结果" },
    ),
    (
        "organization.leader_asked",
        Both {
            en: "The legal representative was asked to authorize the agent",
            zh: "已邀请法定代表人授权经办人",
        },
    ),
    (
        "organization.authorization_withdrawn",
        Both {
            en: "The question to the legal representative was taken back",
            zh: "已撤回对法定代表人的授权邀请",
        },
    ),
    ("organization.authorization_refused", Both { en: "The agent was not authorized", zh: "经办人未获授权" }),
    (
        "organization.agent_revoked",
        Both { en: "The company ended the agent's power", zh: "企业已终止经办人权限" },
    ),
    ("payment.requested", Both { en: "Payment to the company's account ordered", zh: "已登记对公账户打款" }),
    ("payment.expired", Both { en: "Nobody told the amount in time", zh: "逾期未回填打款金额" }),
    (
        "staff.proved",
        Both {
            en: "On the organization's staff, by its own directory's word",
            zh: "人员目录声明其为本企业人员",
        },
    ),
    (
        "staff.refused",
        Both { en: "The organization's directory was not believed", zh: "未采信人员目录的答复" },
    ),
    ("payment.sent", Both { en: "Payment sent to the company's account", zh: "已向对公账户打款" }),
    ("payment.failed", Both { en: "Payment failed", zh: "打款失败" }),
    ("payment.locked", Both { en: "Too many wrong amounts", zh: "金额错误次数过多" }),
    ("impression.adopted", Both { en: "Signature or seal adopted", zh: "选用签名或印章" }),
    ("key.created", Both { en: "Signing key made", zh: "生成签名密钥" }),
    ("key.used", Both { en: "Signing key used", zh: "使用签名密钥" }),
    (
        "key.unfinished",
        Both {
            en: "Signing key used, but the signing did not finish", zh: "已使用签名密钥，但签署未完成"
        },
    ),
    (
        "notice.undeliverable",
        Both {
            en: "A message was not brought: nobody sends its kind",
            zh: "消息没有送达：没有相应的发送服务",
        },
    ),
    ("key.pin_wrong", Both { en: "Wrong PIN", zh: "签署密码错误" }),
    ("key.locked", Both { en: "Key locked after wrong PINs", zh: "签署密码错误次数过多，密钥锁定" }),
    ("key.retired", Both { en: "Signing key given up", zh: "停用签名密钥" }),
    ("key.passkey_refused", Both { en: "A passkey's answer refused", zh: "已拒绝通行密钥的应答" }),
    ("key.device_refused", Both { en: "A device's signature value refused", zh: "已拒绝设备生成的签名值" }),
    (
        "will.locked",
        Both {
            en: "Too many wrong tries to confirm the will", zh: "签署意愿确认错误次数过多，暂时锁定"
        },
    ),
    ("will.code_sent", Both { en: "Code sent to confirm the will", zh: "发送签署意愿验证码" }),
    ("will.code_wrong", Both { en: "Wrong code for the will", zh: "签署意愿验证码错误" }),
    ("will.confirmed", Both { en: "Will to sign confirmed", zh: "已确认签署意愿" }),
    ("will.face_asked", Both { en: "Face check for this signature begun", zh: "开始本次签署的人脸核验" }),
    (
        "will.face_refused",
        Both { en: "Face check for this signature not passed", zh: "本次签署的人脸核验未通过" },
    ),
    ("will.face_replayed", Both { en: "An answer of another check was refused", zh: "已拒绝重复的核验结果" }),
    (
        "will.passkey_registered",
        Both { en: "Passkey registered to confirm the will", zh: "登记用于确认意愿的通行密钥" },
    ),
    ("certificate.pending", Both { en: "Certificate requested", zh: "申请证书" }),
    ("certificate.issued", Both { en: "Certificate issued", zh: "签发证书" }),
    ("certificate.revoked", Both { en: "Certificate revoked", zh: "吊销证书" }),
];

pub(super) fn of_event(kind: &str) -> Option<&'static Both> {
    EVENTS.iter().find(|(known, _)| *known == kind).map(|(_, both)| both)
}
