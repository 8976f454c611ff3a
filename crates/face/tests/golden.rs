//! The nets answer what the package itself answers: golden vectors computed by `@vladmandic/face-api` 1.7.15 (its CPU backend)
//! on drawn faces. No picture of a living person is needed to say that two programs are the same.

use std::{fs, path::Path};

use face::{Face, File, Files, Frame, Nets, Performed, Turn, performed, yaws};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    name: String,
    score: f32,
    at: [f32; 4],
    marks: Vec<[f32; 2]>,
    descriptor: Vec<f32>,
}

fn nets() -> Nets {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/node_modules/@vladmandic/face-api/model");
    let read = |net: &str, end: &str| {
        fs::read(folder.join(format!("{net}_model{end}")))
            .unwrap_or_else(|e| panic!("{net}: {e}; the weights come with `npm ci` in web/"))
    };
    let [detector, landmarks, recognition] = ["tiny_face_detector", "face_landmark_68", "face_recognition"]
        .map(|net| (read(net, "-weights_manifest.json"), read(net, ".bin")));
    let file = |(manifest, bytes): &'static (Vec<u8>, Vec<u8>)| File { manifest, bytes };
    let keep = |pair| file(Box::leak(Box::new(pair)));
    Nets::read(&Files {
        detector: keep(detector),
        landmarks: keep(landmarks),
        recognition: keep(recognition),
    })
    .expect("the weights of the package")
}

fn drawn(name: &str) -> Frame {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drawn").join(format!("{name}.png"));
    Frame::read(&fs::read(path).expect("a drawn face")).expect("a picture")
}

fn one(nets: &Nets, name: &str) -> (Frame, Face) {
    let frame = drawn(name);
    let mut faces = nets.faces(&frame);
    assert_eq!(faces.len(), 1, "{name} has one face");
    (frame, faces.remove(0))
}

#[test]
fn each_net_answers_as_the_package_does() {
    let nets = nets();
    let golden: Vec<Golden> = serde_json::from_str(include_str!("golden.json")).expect("golden vectors");
    assert!(golden.len() >= 6);
    for g in golden {
        let (frame, face) = one(&nets, &g.name);
        assert!((face.score - g.score).abs() < 1e-3, "{}: score {} / {}", g.name, face.score, g.score);
        let at = [face.at.x, face.at.y, face.at.width, face.at.height];
        for (own, theirs) in at.iter().zip(g.at) {
            assert!((own - theirs).abs() < 0.01, "{}: box {at:?} / {:?}", g.name, g.at);
        }
        for (n, (own, theirs)) in face.landmarks.points().iter().zip(&g.marks).enumerate() {
            let off = (own.x - theirs[0]).hypot(own.y - theirs[1]);
            assert!(off < 0.02, "{}: point {n} is off by {off}", g.name);
        }
        let own = nets.descriptor(&frame, &face).expect("a face inside the frame");
        for (n, (a, b)) in own.values().iter().zip(&g.descriptor).enumerate() {
            assert!((a - b).abs() < 1e-3, "{}: number {n} is {a}, not {b}", g.name);
        }
    }
}

#[test]
fn drawn_heads_turn() {
    let nets = nets();
    // In the picture the nose goes left: the person turns right.
    let [ahead, right, left] = ["p1-front", "p1-left", "p1-right"].map(|name| one(&nets, name).1.landmarks);
    let seen = yaws([&ahead, &right, &ahead, &left, &ahead]);
    assert_eq!(performed(&[Turn::Right, Turn::Left], &seen), Performed::All, "{seen:?}");
    assert_eq!(performed(&[Turn::Left, Turn::Right], &seen), Performed::Only(1), "{seen:?}");
    assert_eq!(performed(&[Turn::Left], &yaws([&ahead, &ahead, &ahead])), Performed::Only(0));
}

#[test]
fn weights_of_another_net_are_not_taken() {
    let nets = Nets::read(&Files {
        detector: File { manifest: b"[]", bytes: b"" },
        landmarks: File { manifest: b"[]", bytes: b"" },
        recognition: File { manifest: b"[]", bytes: b"" },
    });
    assert!(nets.is_err_and(|e| e.to_string().contains("conv0")));
}

#[test]
fn what_is_no_picture_is_said() {
    assert!(Frame::read(b"not a picture").is_err());
    assert!(Frame::read(&[]).is_err());
}
