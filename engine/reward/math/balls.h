/* Where FLINT and Arb live: two libraries up to FLINT 2.9 (Debian 12: <arb.h>, libflint-arb), one from FLINT 3 on (Debian 13,
 * Ubuntu 24.04: <flint/arb.h>). Nothing else includes them. Their memory is ours: ball_memory.h.
 *
 *   fmpz, fmpq   integers and rationals, exact        arb, acb   real and complex balls: a centre, and a radius that is a bound */
#ifndef RLSP_ENGINE_REWARD_MATH_BALLS_H
#define RLSP_ENGINE_REWARD_MATH_BALLS_H

#if __has_include(<flint/arb.h>)
#include <flint/acb.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/bernoulli.h>
#include <flint/fmpq.h>
#include <flint/fmpz.h>
#else
#include <acb.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <bernoulli.h>
#include <flint/fmpq.h>
#include <flint/fmpz.h>
#endif

/* gcc takes the address of an acb for that of its first member, the real part, and warns of a call that reads all of it. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif

#endif
