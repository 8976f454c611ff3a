//! Whether somebody did before the camera what was asked: turned the head this way, then that.
//!
//! Frames are looked at in their order. The first one is the person's own measure: looking ahead. Turns are counted only behind
//! each other, each ending ahead again, so a clip of other turns does not pass, nor one of the same turns the other way round.
//!
//! A blink is not asked for: the landmark net draws open eyes over closed ones (how open they are differs by less than 5 % on
//! the drawn faces of the tests), so it would be a test of nothing.

use serde::{Deserialize, Serialize};

use crate::landmarks::Landmarks;

/// One thing asked for. Left and right are the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    Left,
    Right,
}

/// Off the middle by no more is straight ahead.
const AHEAD: f32 = 0.15;
/// A turn moves the nose at least so far.
const TURNED: f32 = 0.2;

/// How far the turns were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Performed {
    All,
    /// The first frame does not look ahead.
    NotAhead,
    /// This many turns, then the next was not seen.
    Only(usize),
}

/// Were the turns made, one behind the other? By [`Landmarks::yaw`] of each frame.
pub fn performed(turns: &[Turn], yaws: &[f32]) -> Performed {
    let Some((own, mut rest)) = yaws.split_first() else { return Performed::NotAhead };
    if own.abs() > AHEAD {
        return Performed::NotAhead;
    }
    for (n, turn) in turns.iter().enumerate() {
        let turned = |yaw: &f32| match turn {
            // The person's left is the right of the picture.
            Turn::Left => yaw - own >= TURNED,
            Turn::Right => own - yaw >= TURNED,
        };
        let Some(done) = rest.iter().position(turned) else { return Performed::Only(n) };
        let back = rest[done..].iter().position(|yaw| (yaw - own).abs() <= AHEAD);
        let Some(back) = back else { return Performed::Only(n) };
        rest = &rest[done + back..];
    }
    Performed::All
}

/// The yaws of faces in their order.
pub fn yaws<'a>(faces: impl IntoIterator<Item = &'a Landmarks>) -> Vec<f32> {
    faces.into_iter().map(Landmarks::yaw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_count_in_their_order_only() {
        let seen = [0.0, 0.1, 0.35, 0.1, -0.1, -0.3, -0.02];
        assert_eq!(performed(&[Turn::Left, Turn::Right], &seen), Performed::All);
        assert_eq!(
            performed(&[Turn::Right, Turn::Left], &seen),
            Performed::Only(1),
            "the left turn was before"
        );
        assert_eq!(performed(&[Turn::Right, Turn::Right], &seen), Performed::Only(1));
    }

    #[test]
    fn a_still_picture_does_nothing() {
        for turn in [Turn::Left, Turn::Right] {
            assert_eq!(performed(&[turn], &[0.05; 8]), Performed::Only(0), "{turn:?}");
        }
        assert_eq!(performed(&[Turn::Left], &[]), Performed::NotAhead);
    }

    #[test]
    fn it_begins_and_ends_straight_ahead() {
        assert_eq!(performed(&[Turn::Left], &[0.3, 0.6]), Performed::NotAhead);
        assert_eq!(performed(&[Turn::Left], &[0.0, 0.4]), Performed::Only(0));
    }
}
