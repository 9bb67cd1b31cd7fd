# r8scan_static: the program as one file that needs nothing else, build/PRESET/static/r8scan. It is made of the objects that
# are there anyway, so it takes seconds; what cannot be linked statically (network, fetching, plugins) has stand-ins, the
# files *_none.cpp of lib/, and the cipher is nettle's. The linker meets them before the archive that holds the others.
include(CheckCXXSourceRuns)

# The flag that packs relocations, where linker and C library know it: less to do for each start.
function(r8scan_find_packing output)
  set(CMAKE_REQUIRED_LINK_OPTIONS -static-pie)
  foreach(flag IN ITEMS --pack-dyn-relocs=relr -z,pack-relative-relocs)
    string(MAKE_C_IDENTIFIER "R8SCAN_LINKS_WITH${flag}" works)
    set(CMAKE_REQUIRED_LINK_OPTIONS -static-pie "-Wl,${flag}")
    check_cxx_source_runs("const char* volatile text[] = {\"a\"}; int main() { return text[0][0] != 'a'; }" ${works})
    if(${works})
      set(${output} "-Wl,${flag}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${output} "" PARENT_SCOPE)
endfunction()

function(r8scan_add_static_program)
  set(archives "")
  set(missing "")
  # Each before what it needs.
  foreach(name IN ITEMS archive nettle hs deflate lzma zstd pcre2-8 sqlite3 z bz2 crypto)
    find_library(R8SCAN_STATIC_${name} lib${name}.a)
    mark_as_advanced(R8SCAN_STATIC_${name})
    if(R8SCAN_STATIC_${name})
      list(APPEND archives ${R8SCAN_STATIC_${name}})
    else()
      list(APPEND missing lib${name}.a)
    endif()
  endforeach()
  if(NOT TARGET r8scan_fmt)
    list(APPEND missing "g++ and fmt before 11")
  endif()
  if(missing)
    list(JOIN missing ", " missing)
    add_custom_target(r8scan_static
      COMMAND ${CMAKE_COMMAND} -E echo "The static program needs ${missing}: sh examples/build-static.sh installs that"
      COMMAND ${CMAKE_COMMAND} -E false)
    return()
  endif()

  set(lib ${PROJECT_SOURCE_DIR}/lib)
  add_executable(r8scan_static EXCLUDE_FROM_ALL $<TARGET_OBJECTS:r8scan_main> $<TARGET_OBJECTS:r8scan_fmt>
    ${lib}/action/abilities_none.cpp ${lib}/action/authenticated_cipher_nettle.cpp ${lib}/action/signature_none.cpp
    ${lib}/git/clone_none.cpp ${lib}/git/included_config_none.cpp)
  set_target_properties(r8scan_static PROPERTIES OUTPUT_NAME r8scan RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/static)
  target_include_directories(r8scan_static PRIVATE ${lib} ${lib}/include)
  target_include_directories(r8scan_static SYSTEM PRIVATE ${CURL_INCLUDE_DIRS})
  target_compile_features(r8scan_static PRIVATE cxx_std_20)
  target_link_libraries(r8scan_static PRIVATE r8scan_warnings $<TARGET_FILE:r8scan_cmd> $<TARGET_FILE:r8scan_lib>
    ${archives} Threads::Threads ${CMAKE_DL_LIBS})
  r8scan_find_packing(packing)
  # With plain -static the first exception takes milliseconds.
  target_link_options(r8scan_static PRIVATE -static-pie ${packing})
  set_property(TARGET r8scan_static APPEND PROPERTY LINK_DEPENDS $<TARGET_FILE:r8scan_cmd> $<TARGET_FILE:r8scan_lib>)
  add_dependencies(r8scan_static r8scan_cmd r8scan_lib)
  set(R8SCAN_HAS_STATIC ON PARENT_SCOPE)
endfunction()
