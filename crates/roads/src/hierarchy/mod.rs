//! Contraction hierarchy over arcs: nodes are taken out one by one, least important first; where a shortest way
//! ran through the one taken out a shortcut is put in. Searches then only go up.
//!
//! Geisberger, Sanders, Schultes, Delling: Contraction Hierarchies (2008). Order by the quotient of added and
//! removed links plus depth, as in RoutingKit.

mod contract;
mod witness;

pub(crate) use contract::contract;

/// A link of the hierarchy, seen from the lower of its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shortcut {
    /// The higher end.
    pub other: u32,
    pub weight: u32,
    pub duration: u32,
    pub distance: u32,
    /// The node it leaps over, or [`crate::build::NONE`] for a link of the graph.
    pub middle: u32,
}

/// Result in the numbering of ranks: node 0 was taken out first.
pub(crate) struct Hierarchy {
    /// Rank of each node of the graph.
    pub rank: Vec<u32>,
    /// By rank: links to higher nodes.
    pub up: Vec<Vec<Shortcut>>,
    /// By rank: links from higher nodes.
    pub down: Vec<Vec<Shortcut>>,
    /// By rank: the shortest way round to itself over lower nodes.
    pub round: Vec<Option<Shortcut>>,
}
