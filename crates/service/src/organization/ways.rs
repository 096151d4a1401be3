//! The ways to show that one acts for an organization, as they are offered to a signer: the quickest for them first.

use domain::IdKind;
use domain::organization::OrganizationWay;
use providers::PersonMethod;

use super::leader::is_sure;
use crate::ceremony::Scene;
use crate::core::Service;
use crate::{review, view};

/// The ways that are open to the signer.
pub(crate) fn offered(service: &Service, scene: &Scene) -> Vec<view::OrganizationWayView> {
    // What anybody at the organization can do brings a power that was taken away back no more.
    let helps =
        |way| !scene.is_dismissed || !matches!(way, OrganizationWay::Payment | OrganizationWay::Letter);
    let mut ways: Vec<OrganizationWay> = OrganizationWay::ALL
        .into_iter()
        .filter(|way| helps(*way) && is_offered(service, *way, scene))
        .collect();
    ways.sort_by_key(|way| rank(*way, scene));
    let sure = scene.verified_identity().is_some_and(is_sure);
    ways.into_iter()
        .map(|way| view::OrganizationWayView {
            way,
            ready: way != OrganizationWay::LegalRepresentative || sure,
        })
        .collect()
}

/// Whether this server offers a way to this signer.
pub(super) fn is_offered(service: &Service, way: OrganizationWay, scene: &Scene) -> bool {
    let faces = [PersonMethod::FaceAlipay, PersonMethod::FaceWechat];
    let face = faces.into_iter().any(|it| service.providers().person(it, IdKind::ResidentId).is_some());
    let identity = scene.verified_identity();
    match way {
        // Four elements are those of resident ID cards.
        OrganizationWay::LegalRepresentative => identity.is_some_and(|it| {
            let resident = it.document.as_ref().is_some_and(|it| it.kind() == IdKind::ResidentId);
            resident && (face || is_sure(it))
        }),
        OrganizationWay::Authorization => face,
        OrganizationWay::Payment => service.providers().payouts.pays(),
        OrganizationWay::Letter => review::is_offered(service, scene.has_reviewer),
    }
}

/// Whoever has the legal representative's name most probably is who they are: their face takes a minute. For others a
/// payment takes as long as the bank, and a signature as long as the legal representative.
fn rank(way: OrganizationWay, scene: &Scene) -> u8 {
    let leader = scene.organization.as_ref().map(|it| &it.legal_representative);
    let same = scene.identity.as_ref().zip(leader).is_some_and(|(it, leader)| it.name.matches(leader));
    match way {
        OrganizationWay::LegalRepresentative if same => 0,
        OrganizationWay::Payment => 1,
        OrganizationWay::Authorization => 2,
        OrganizationWay::Letter => 3,
        OrganizationWay::LegalRepresentative => 4,
    }
}
