# r8scan_link_lazily(TARGET): links the program with entries in place of the shared libraries; see functions.h. Sets
# R8SCAN_LAZY_LIBRARIES, the libraries that it will look for when it runs. What is no shared library is linked as usual.
# The libraries of the compiler and fmt are linked statically where that works: to load and relocate libstdc++ takes as long
# as all the rest of starting. (Hyperscan may load its own libstdc++ later; no object of C++ goes from one to the other.)
include(CheckCXXSourceCompiles)

function(r8scan_link_lazily target)
  set(lazy "")
  set(usual "")
  foreach(library IN LISTS HS_LINK_LIBRARIES LIBGIT2_LINK_LIBRARIES DEFLATE_LINK_LIBRARIES ARCHIVE_LINK_LIBRARIES
      LZMA_LINK_LIBRARIES ZSTD_LINK_LIBRARIES PCRE2_LINK_LIBRARIES CURL_LINK_LIBRARIES SQLITE_LINK_LIBRARIES
      CRYPTO_LINK_LIBRARIES ZLIB_LIBRARY_RELEASE BZIP2_LIBRARY_RELEASE)
    if(library MATCHES "/lib[^/]*\\.so[^/]*$" AND NOT library MATCHES "/lib(stdc\\+\\+|m|c|gcc_s|dl|rt|pthread)\\.so")
      list(APPEND lazy ${library})
    else()
      list(APPEND usual ${library})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES lazy)

  set(entries ${CMAKE_CURRENT_BINARY_DIR}/lazy_functions.cpp)
  add_custom_command(OUTPUT ${entries}
    COMMAND ${CMAKE_COMMAND} -E env NM=${CMAKE_NM} READELF=${CMAKE_READELF} sh ${CMAKE_CURRENT_SOURCE_DIR}/lazy/generate.sh
      $<TARGET_FILE:r8scan_cmd> $<TARGET_FILE:r8scan_lib> -- ${lazy} > ${entries}
    DEPENDS r8scan_cmd r8scan_lib ${CMAKE_CURRENT_SOURCE_DIR}/lazy/generate.sh VERBATIM)
  target_sources(${target} PRIVATE ${entries} ${CMAKE_CURRENT_SOURCE_DIR}/lazy/load.cpp)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  # The archives by their files, without the libraries that their targets bring.
  target_link_libraries(${target} PRIVATE $<TARGET_FILE:r8scan_cmd> $<TARGET_FILE:r8scan_lib> ${usual}
    Threads::Threads ${CMAKE_DL_LIBS})
  set(CMAKE_REQUIRED_LINK_OPTIONS -static-libstdc++ -static-libgcc)
  check_cxx_source_compiles("#include <iostream>\nint main() { std::cout << 1; }" R8SCAN_LINKS_WITH_STATIC_LIBSTDCXX)
  if(R8SCAN_LINKS_WITH_STATIC_LIBSTDCXX AND TARGET r8scan_fmt)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:r8scan_fmt>)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  else()
    target_link_libraries(${target} PRIVATE fmt::fmt)
  endif()
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS $<TARGET_FILE:r8scan_cmd> $<TARGET_FILE:r8scan_lib>)
  add_dependencies(${target} r8scan_cmd r8scan_lib)
  set(R8SCAN_LAZY_LIBRARIES ${lazy} PARENT_SCOPE)
endfunction()
