//! What a role may do with an object. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whose records a role sees.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    #[default]
    None,
    /// His own.
    Own,
    /// Those of his department, of the ones he manages, and of all below them.
    Departments,
    Company,
}

/// Which of the records he sees a person may change or delete.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    #[default]
    None,
    Own,
    /// All he sees.
    Seen,
}

impl Extent {
    pub fn covers(self, owner: Uuid, actor: Uuid) -> bool {
        self == Extent::Seen || self == Extent::Own && owner == actor
    }
}

/// What a role may.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectGrant {
    pub create: bool,
    pub read: Sight,
    pub change: Extent,
    pub delete: Extent,
}

impl ObjectGrant {
    const ALL: ObjectGrant =
        ObjectGrant { create: true, read: Sight::Company, change: Extent::Seen, delete: Extent::Seen };

    /// Is there anything to see or do?
    pub fn any(&self) -> bool {
        self.create || self.read > Sight::None
    }
}

/// By key of the role.
pub type Grants = BTreeMap<String, ObjectGrant>;

/// What a role may. Administrators may everything; a role that is not named, nothing.
pub fn of_role(grants: &Grants, role: &str) -> ObjectGrant {
    if role == "admin" { ObjectGrant::ALL } else { grants.get(role).copied().unwrap_or_default() }
}

/// What a new object grants: reps make and mend their own, managers see those of their departments.
pub fn usual() -> Grants {
    let rep = ObjectGrant { create: true, read: Sight::Own, change: Extent::Own, delete: Extent::None };
    let manager =
        ObjectGrant { create: true, read: Sight::Departments, change: Extent::Seen, delete: Extent::None };
    BTreeMap::from([("manager".to_owned(), manager), ("rep".to_owned(), rep)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_what_it_was_granted_and_nothing_else() {
        let grants = usual();
        assert_eq!(of_role(&grants, "rep").read, Sight::Own);
        assert!(!of_role(&grants, "custom-1").any());
        assert_eq!(of_role(&Grants::new(), "admin"), ObjectGrant::ALL);
        let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(Extent::Own.covers(me, me) && !Extent::Own.covers(other, me));
        assert!(Extent::Seen.covers(other, me) && !Extent::None.covers(me, me));
    }
}
