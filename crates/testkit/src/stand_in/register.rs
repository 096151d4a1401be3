//! What the stand-ins know of the world.

use std::collections::HashMap;
use std::sync::Mutex;

use super::lock;

/// A person whom every authority knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// Name as on the card.
    pub name: String,
    /// Number of the document.
    pub id_number: String,
    /// Phone, eleven digits.
    pub phone: String,
    /// Bank card.
    pub bank_card: String,
}

/// A company in the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCompany {
    /// Name as on the licence.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Name of the legal representative.
    pub legal_representative: String,
    /// Their ID number.
    pub legal_representative_id: String,
    /// The registry's word for its state: `存续`, `注销`, `吊销`.
    pub state: String,
}

/// What a person does before the camera.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scene {
    /// Nothing yet.
    #[default]
    Waiting,
    /// Looks into it and is the one.
    Passed,
    /// Looks into it and is somebody else.
    SomebodyElse,
    /// Holds a photograph into it.
    Photograph,
}

/// People, companies, and what goes on before cameras.
#[derive(Debug, Default)]
pub struct Register {
    people: Mutex<Vec<KnownPerson>>,
    companies: Mutex<Vec<KnownCompany>>,
    scenes: Mutex<HashMap<String, Scene>>,
}

impl Register {
    /// Adds a person.
    pub fn add_person(&self, name: &str, id_number: &str, phone: &str, bank_card: &str) {
        let [name, id_number, phone, bank_card] = [name, id_number, phone, bank_card].map(str::to_owned);
        lock(&self.people).push(KnownPerson { name, id_number, phone, bank_card });
    }

    /// Adds a company.
    pub fn add_company(&self, company: KnownCompany) {
        lock(&self.companies).push(company);
    }

    /// What goes on in the transaction of this number from now on.
    pub fn stage(&self, transaction: &str, scene: Scene) {
        lock(&self.scenes).insert(transaction.to_owned(), scene);
    }

    pub(super) fn person(&self, id_number: &str) -> Option<KnownPerson> {
        lock(&self.people).iter().find(|person| person.id_number == id_number).cloned()
    }

    pub(super) fn company(&self, credit_code: &str) -> Option<KnownCompany> {
        lock(&self.companies).iter().find(|company| company.credit_code == credit_code).cloned()
    }

    pub(super) fn scene(&self, transaction: &str) -> Scene {
        lock(&self.scenes).get(transaction).copied().unwrap_or_default()
    }
}
