/* The version: semantic, and bumped with CHANGELOG.md. */
#ifndef RLSP_ENGINE_VERSION_H
#define RLSP_ENGINE_VERSION_H

#define RLSP_VERSION "0.1.0"

#endif
