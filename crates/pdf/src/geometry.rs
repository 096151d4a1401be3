//! The displayed page and user space.
//!
//! A person sees the page with its crop box as the visible part (ISO 32000-2, 14.11.2), turned clockwise by
//! /Rotate (Table 31), and counts from the top left. PDF counts from the bottom left of a space that neither
//! crop nor rotation touches. This module goes from one to the other. Everything is in units of user
//! space: points, unless the page has a /UserUnit ([`Page::user_unit`](crate::Page::user_unit)).

use serde::{Deserialize, Serialize};

/// A point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Across.
    pub x: f64,
    /// Up in user space, down on the display.
    pub y: f64,
}

/// A rectangle with `x0 <= x1` and `y0 <= y1` once normalised (7.9.5).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Left.
    pub x0: f64,
    /// Bottom in user space, top on the display.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Top in user space, bottom on the display.
    pub y1: f64,
}

impl Rect {
    /// A rectangle from two corners in any order.
    pub fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) }
    }

    /// A rectangle from a corner and a size.
    pub fn sized(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self::new(x, y, x + width, y + height)
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }

    /// Whether all numbers are finite and it encloses an area.
    pub fn is_proper(&self) -> bool {
        [self.x0, self.y0, self.x1, self.y1].iter().all(|n| n.is_finite())
            && self.width() > 0.0
            && self.height() > 0.0
    }

    /// The part that lies within both; `None` where there is none.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let common = Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        };
        common.is_proper().then_some(common)
    }

    /// Whether `other` lies within this one, allowing a hair of rounding.
    pub fn contains(&self, other: &Self) -> bool {
        const HAIR: f64 = 0.01;
        other.x0 >= self.x0 - HAIR
            && other.y0 >= self.y0 - HAIR
            && other.x1 <= self.x1 + HAIR
            && other.y1 <= self.y1 + HAIR
    }
}

/// A transformation `[a b c d e f]` (8.3.3): x' = ax + cy + e, y' = bx + dy + f.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Matrix(pub [f64; 6]);

impl Matrix {
    /// Leaves everything where it is.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Transforms a point.
    pub fn apply(&self, point: Point) -> Point {
        let [a, b, c, d, e, f] = self.0;
        Point { x: a * point.x + c * point.y + e, y: b * point.x + d * point.y + f }
    }

    /// The smallest upright rectangle around the transformed rectangle.
    pub fn apply_rect(&self, rect: Rect) -> Rect {
        let one = self.apply(Point { x: rect.x0, y: rect.y0 });
        let two = self.apply(Point { x: rect.x1, y: rect.y1 });
        let three = self.apply(Point { x: rect.x0, y: rect.y1 });
        let four = self.apply(Point { x: rect.x1, y: rect.y0 });
        Rect {
            x0: one.x.min(two.x).min(three.x).min(four.x),
            y0: one.y.min(two.y).min(three.y).min(four.y),
            x1: one.x.max(two.x).max(three.x).max(four.x),
            y1: one.y.max(two.y).max(three.y).max(four.y),
        }
    }

    /// The transformation back; `None` where the matrix flattens the plane.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f] = self.0;
        let det = a * d - b * c;
        if !det.is_normal() {
            return None;
        }
        Some(Self([d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det]))
    }
}

/// How far a page is turned clockwise when displayed (Table 31, /Rotate).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Rotation {
    /// Upright.
    #[default]
    None,
    /// A quarter turn clockwise.
    Quarter,
    /// Upside down.
    Half,
    /// Three quarters clockwise.
    ThreeQuarters,
}

impl Rotation {
    /// From /Rotate: any multiple of 90; what is none counts as 0, as viewers do.
    pub fn from_degrees(degrees: i64) -> Self {
        match degrees.rem_euclid(360) {
            90 => Self::Quarter,
            180 => Self::Half,
            270 => Self::ThreeQuarters,
            _ => Self::None,
        }
    }

    /// 0, 90, 180 or 270.
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }

    /// Whether width and height change places.
    pub fn turns_sideways(self) -> bool {
        matches!(self, Self::Quarter | Self::ThreeQuarters)
    }

    /// The /Matrix (8.10.2) that a form XObject of an annotation needs to stand upright on a page turned so:
    /// with it a viewer fits the upright appearance into the turned /Rect (12.5.5).
    pub fn appearance_matrix(self) -> Matrix {
        match self {
            Self::None => Matrix::IDENTITY,
            Self::Quarter => Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
            Self::Half => Matrix([-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
            Self::ThreeQuarters => Matrix([0.0, -1.0, 1.0, 0.0, 0.0, 0.0]),
        }
    }
}

/// From the display (origin at the top left of the turned visible box, y down) to user space.
pub fn display_to_user(visible: Rect, rotation: Rotation) -> Matrix {
    let Rect { x0, y0, x1, y1 } = visible;
    match rotation {
        Rotation::None => Matrix([1.0, 0.0, 0.0, -1.0, x0, y1]),
        Rotation::Quarter => Matrix([0.0, 1.0, 1.0, 0.0, x0, y0]),
        Rotation::Half => Matrix([-1.0, 0.0, 0.0, 1.0, x1, y0]),
        Rotation::ThreeQuarters => Matrix([0.0, -1.0, -1.0, 0.0, x1, y1]),
    }
}
