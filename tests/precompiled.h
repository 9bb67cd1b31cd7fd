// What lib/precompiled.h is to the library, with the headers that nearly every test includes.
#pragma once

#include "precompiled.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
