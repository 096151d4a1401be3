//! The built-in register of people and companies: the authority that test trust plays with.
//!
//! Every number in it is well formed (GB 11643, GB 32100, GB 11714) and belongs to nobody on purpose. It is not a
//! source of identity: whoever knows a line of it passes as that person, which is why it exists in test trust only.

use domain::IdKind;

/// A person of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    /// Name as on the card.
    pub name: &'static str,
    /// Kind of document.
    pub document: IdKind,
    /// Its number: for a resident ID, GB 11643.
    pub id_number: &'static str,
    /// Mobile phone registered under the name, without country code.
    pub phone: &'static str,
    /// Bank card held under name, number and phone.
    pub bank_card: &'static str,
}

/// A resident of the mainland.
const fn citizen(
    name: &'static str,
    id_number: &'static str,
    phone: &'static str,
    bank_card: &'static str,
) -> Resident {
    Resident { name, document: IdKind::ResidentId, id_number, phone, bank_card }
}

/// What the company registry says of a company's existence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistryState {
    /// 存续: in operation.
    Active,
    /// 注销: removed from the register.
    Deregistered,
    /// 吊销: licence revoked.
    Revoked,
}

impl RegistryState {
    /// The stable word used in refusals and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deregistered => "deregistered",
            Self::Revoked => "revoked",
        }
    }
}

/// A company of the register, with its account at the sandbox bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Company {
    /// Name as on the licence.
    pub name: &'static str,
    /// Unified social credit code, GB 32100.
    pub credit_code: &'static str,
    /// Name of the legal representative, who is one of [`PEOPLE`].
    pub legal_representative: &'static str,
    /// Number of the company's settlement account.
    pub account_number: &'static str,
    /// The bank that keeps the account.
    pub bank: &'static str,
    /// Whether the company still exists.
    pub state: RegistryState,
}

/// Everyone whom the sandbox knows.
pub const PEOPLE: &[Resident] = &[
    citizen("陈晓雨", "11010519860214102X", "13800000001", "6222021000112000012"),
    citizen("王建国", "310101199007265411", "13800000002", "6222021000112000020"),
    citizen("李明哲", "440305197811033036", "13800000003", "6222021000112000038"),
    citizen("古丽巴哈尔·阿卜杜热合曼", "650102198305016018", "13800000004", "6222021000112000046"),
    citizen("欧阳清源", "510104199512121220", "13800000005", "6222021000112000053"),
    citizen("赵䶮", "33010619690918361X", "13800000006", "6222021000112000061"),
    citizen("王𬭎堃", "61010319880808154X", "13800000007", "6222021000112000079"),
    citizen("尼玛·扎西次仁·旺堆", "540102197403222624", "13800000008", "6222021000112000087"),
    Resident {
        name: "何嘉欣",
        document: IdKind::ResidencePermitHkMo,
        id_number: "810000199106150018",
        phone: "13800000011",
        bank_card: "",
    },
    Resident {
        name: "林志豪",
        document: IdKind::ResidencePermitTw,
        id_number: "830000198803220025",
        phone: "13800000012",
        bank_card: "",
    },
    Resident {
        name: "黄伟文",
        document: IdKind::TravelPermitHkMo,
        id_number: "H08123456",
        phone: "13800000013",
        bank_card: "",
    },
    Resident {
        name: "張雅婷",
        document: IdKind::TravelPermitTw,
        id_number: "12345678",
        phone: "13800000014",
        bank_card: "",
    },
    Resident {
        name: "EMILY CARTER",
        document: IdKind::PermanentResident,
        id_number: "911840198504100010",
        phone: "13800000015",
        bank_card: "",
    },
    Resident {
        name: "周海燕",
        document: IdKind::PassportCn,
        id_number: "E12345678",
        phone: "13800000016",
        bank_card: "",
    },
    Resident {
        name: "JEAN DUPONT",
        document: IdKind::Passport,
        id_number: "19AB12345",
        phone: "13800000017",
        bank_card: "",
    },
];

/// Every company that the sandbox knows.
pub const COMPANIES: &[Company] = &[
    Company {
        name: "北京朱砂科技有限公司",
        credit_code: "91110105MA01CHEN75",
        legal_representative: "陈晓雨",
        account_number: "11001018800053001234",
        bank: "沙箱银行北京朝阳支行",
        state: RegistryState::Active,
    },
    Company {
        name: "深圳远帆贸易有限公司",
        credit_code: "91440300MA5EXAMP0C",
        legal_representative: "李明哲",
        account_number: "44201505100052509876",
        bank: "沙箱银行深圳南山支行",
        state: RegistryState::Active,
    },
    Company {
        name: "新疆天山果业农民专业合作社",
        credit_code: "93650102MA77DEM05D",
        legal_representative: "古丽巴哈尔·阿卜杜热合曼",
        account_number: "65001610100052504567",
        bank: "沙箱银行乌鲁木齐分行",
        state: RegistryState::Active,
    },
    Company {
        name: "上海（浦东）长三角国际供应链管理与信息技术服务股份有限公司",
        credit_code: "91310000MA1FTRY004",
        legal_representative: "欧阳清源",
        account_number: "31001550400050012345",
        bank: "沙箱银行上海浦东分行",
        state: RegistryState::Active,
    },
    Company {
        name: "杭州旧梦文化传播有限公司",
        credit_code: "91330106MA2GNE0094",
        legal_representative: "赵䶮",
        account_number: "33001616727053006789",
        bank: "沙箱银行杭州西湖支行",
        state: RegistryState::Deregistered,
    },
];

/// The person with this document.
#[must_use]
pub fn resident(document: IdKind, id_number: &str) -> Option<&'static Resident> {
    PEOPLE.iter().find(|person| person.document == document && person.id_number == id_number)
}

/// The company with this credit code.
#[must_use]
pub fn company(credit_code: &str) -> Option<&'static Company> {
    COMPANIES.iter().find(|company| company.credit_code == credit_code)
}

/// The company that owns this account.
#[must_use]
pub fn account_owner(account_number: &str) -> Option<&'static Company> {
    COMPANIES.iter().find(|company| company.account_number == account_number)
}

#[cfg(test)]
mod tests {
    use super::{COMPANIES, PEOPLE};

    #[test]
    fn every_number_in_the_register_is_well_formed() {
        let now = "2026-11-23T00:00:00Z".parse().expect("a time");
        for person in PEOPLE {
            domain::IdDocument::parse(person.document, person.id_number, now).expect(person.name);
            if person.document == domain::IdKind::ResidentId {
                domain::BankCard::parse(person.bank_card).expect(person.name);
            }
            domain::Phone::parse(person.phone).expect(person.name);
        }
        for company in COMPANIES {
            domain::CreditCode::parse(company.credit_code).expect(company.name);
        }
    }

    #[test]
    fn every_company_is_led_by_someone_of_the_register() {
        for company in COMPANIES {
            assert!(
                PEOPLE.iter().any(|person| person.name == company.legal_representative),
                "{}",
                company.name
            );
        }
    }
}
