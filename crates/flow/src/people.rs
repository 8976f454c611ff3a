//! What a flow must know about people. The company answers it.

use uuid::Uuid;

/// The people of a company as they are now. All answers are in a fixed order, so that the same question gives the same
/// case.
pub trait People: Send + Sync {
    /// Those at work with a role; `None` when there is no such role.
    fn role(&self, role: Uuid) -> Option<Vec<Uuid>>;
    /// Those at work who head a department above a person; level 1 is his own department. `None` above the top.
    fn heads(&self, person: Uuid, level: u8) -> Option<Vec<Uuid>>;
    /// Those at work who run the company's settings.
    fn admins(&self) -> Vec<Uuid>;
    /// Does he work here?
    fn is_here(&self, person: Uuid) -> bool;
    /// Who decides for him now, because he is absent. `None` also when that chain leads back to him, or ends in somebody
    /// who is absent himself.
    fn deputy(&self, person: Uuid) -> Option<Uuid>;
}
